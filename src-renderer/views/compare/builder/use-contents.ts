import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { orpc } from '../../../live/api.ts';
import type { DraftPrompt } from './drafts.ts';

/** What a picked prompt would run; undefined while it is read, an Error when it cannot be. */
export type KnownContent = PromptContent | Error | undefined;

/** The content that each picked prompt would run; the list stays the same while nothing in it changes. */
export function useContents(prompts: readonly DraftPrompt[]): readonly KnownContent[] {
  const drafts = useQueries({
    queries: prompts.map(({ promptId, versionId }) => ({
      ...orpc.prompts.get.queryOptions({ input: { id: promptId ?? '' } }),
      enabled: promptId !== null && versionId === null,
    })),
    combine: dataOrErrors,
  });
  const versions = useQueries({
    queries: prompts.map(({ versionId }) => ({
      ...orpc.versions.get.queryOptions({ input: { id: versionId ?? '' } }),
      enabled: versionId !== null,
    })),
    combine: dataOrErrors,
  });
  return useMemo(
    () =>
      prompts.map((prompt, index) => {
        if (prompt.content !== null) return prompt.content;
        const draft = drafts[index];
        const version = versions[index];
        if (prompt.versionId !== null) return version instanceof Error ? version : version?.content;
        return draft instanceof Error ? draft : draft?.draft.content;
      }),
    [prompts, drafts, versions],
  );
}

/** Those that could be read. */
export function readContents(contents: readonly KnownContent[]): readonly PromptContent[] {
  return contents.filter((content): content is PromptContent => content !== undefined && !(content instanceof Error));
}

function dataOrErrors<Data>(results: readonly { readonly data: Data | undefined; readonly error: Error | null }[]) {
  return results.map(({ data, error }) => data ?? error ?? undefined);
}
