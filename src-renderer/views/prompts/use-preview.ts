import { useDeferredValue, useEffect, useState } from 'react';
import { checkContent } from '../../../src-core/content/check-content.ts';
import type { ContentProblem } from '../../../src-core/content/content-problem.ts';
import { type RenderedMessage, renderContent } from '../../../src-core/content/render-content.ts';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import { type IncludeCache, withIncludes } from '../../../src-core/templates/with-includes.ts';
import { client } from '../../api.ts';
import { onChange } from '../../workbench/changes.ts';
import type { InputValues } from './editor-store.ts';

/** A prompt as a model would be sent it, and what is wrong with it. */
export interface Preview {
  /** Null when it cannot be rendered. */
  readonly messages: readonly RenderedMessage[] | null;
  readonly problems: readonly ContentProblem[];
}

// Sources of included prompts, until any prompt changes.
const includes: IncludeCache = new Map();
onChange(({ topic }) => (topic === 'prompts' || topic === 'versions') && includes.clear());

/** Renders as one types, in this window, with the engine that the host renders with. */
export function usePreview(content: PromptContent, values: InputValues): Preview {
  const shownContent = useDeferredValue(content);
  const shownValues = useDeferredValue(values);
  const [preview, setPreview] = useState<Preview>({ messages: null, problems: [] });
  useEffect(() => {
    let current = true;
    renderPreview(shownContent, shownValues).then((next) => current && setPreview(next));
    return () => {
      current = false;
    };
  }, [shownContent, shownValues]);
  return preview;
}

/** Renders once, with includes fetched from the library. */
export async function renderPreview(content: PromptContent, values: InputValues): Promise<Preview> {
  try {
    return await withIncludes(
      includes,
      (names) => client.prompts.includes({ names: [...names] }),
      (loader) => {
        const checked = checkContent(content, loader);
        const rendered = renderContent(content, values, { loader });
        return { messages: rendered.messages, problems: merged(checked, rendered.problems) };
      },
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { messages: null, problems: [unexpected(message)] };
  }
}

/** Both look at syntax and declarations; each problem is shown once, errors first. */
function merged(...lists: readonly (readonly ContentProblem[])[]): readonly ContentProblem[] {
  const seen = new Map<string, ContentProblem>();
  for (const problem of lists.flat()) {
    const key = JSON.stringify([problem.code, problem.message, problem.messageIndex, problem.start]);
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()].sort((a, b) => Number(a.severity !== 'error') - Number(b.severity !== 'error'));
}

const unexpected = (message: string): ContentProblem => ({
  severity: 'error',
  code: 'preview',
  message: `The preview cannot be shown: ${message}`,
  messageIndex: null,
  input: null,
  template: null,
  start: null,
  end: null,
});
