import { useEffect, useState } from 'react';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import type { DraftHandle } from './draft-store.ts';

const pauseMs = 300;

/** The content once it has not changed for a moment, for work that is too slow to do at every key. */
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
