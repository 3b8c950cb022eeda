import { useQueries } from '@tanstack/react-query';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { orpc } from '../../../api.ts';
import type { DraftPrompt } from './drafts.ts';

/** The content that each picked prompt would run; undefined while it is read, an Error when it cannot be. */
export function useContents(prompts: readonly DraftPrompt[]): readonly (PromptContent | Error | undefined)[] {
  const drafts = useQueries({
    queries: prompts.map(({ promptId, versionId }) => ({
      ...orpc.prompts.get.queryOptions({ input: { id: promptId ?? '' } }),
      enabled: promptId !== null && versionId === null,
    })),
  });
  const versions = useQueries({
    queries: prompts.map(({ versionId }) => ({
      ...orpc.versions.get.queryOptions({ input: { id: versionId ?? '' } }),
      enabled: versionId !== null,
    })),
  });
  return prompts.map((prompt, index) => {
    if (prompt.content !== null) return prompt.content;
    const draft = drafts[index];
    const version = versions[index];
    if (prompt.versionId !== null) return version?.data?.content ?? version?.error ?? undefined;
    return draft?.data?.draft.content ?? draft?.error ?? undefined;
  });
}
