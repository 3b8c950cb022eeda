import { useEffect, useState } from 'react';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import type { DraftHandle } from './draft-store.ts';

const pauseMs = 300;

/** What a draft says once it has not changed for a moment, for what takes longer than a key may. */
export function useSettledContent(handle: DraftHandle): PromptContent {
  const [settled, setSettled] = useState(() => handle.store.getState().content);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const settle = () => setSettled(handle.store.getState().content);
    settle();
    const stop = handle.store.subscribe((now, before) => {
      if (now.content === before.content) return;
      clearTimeout(timer);
      timer = setTimeout(settle, pauseMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [handle]);
  return settled;
}
