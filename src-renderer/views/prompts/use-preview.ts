import { useEffect, useState } from 'react';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import type { InputValues } from './editor-store.ts';
import type { Preview } from './preview.ts';
import { requestPreview } from './preview-queue.ts';

export { renderPreview } from './preview-queue.ts';
export type { Preview };

/** Renders as one types; the preview before stays until the next one is there. */
export function usePreview(content: PromptContent, values: InputValues): Preview {
  const [preview, setPreview] = useState<Preview>({ messages: null, problems: [] });
  useEffect(() => {
    let isCurrent = true;
    requestPreview({ content, values, done: (next) => isCurrent && setPreview(next) });
    return () => {
      isCurrent = false;
    };
  }, [content, values]);
  return preview;
}
