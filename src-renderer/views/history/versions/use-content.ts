import { useQuery } from '@tanstack/react-query';
import { versionName, versionRefOf } from '../../../../src-core/content/version-name.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import type { ContentRef } from '../../../../src-core/contract/content-diff.ts';
import type { Prompt } from '../../../../src-core/contract/prompts.ts';
import { orpc } from '../../../live/api.ts';

/** A content with the words for it. */
export interface NamedContent {
  readonly ref: ContentRef;
  readonly prompt: Prompt;
  readonly content: PromptContent;
  /** As in `v12`, `draft` or `step of 14:02:11`. */
  readonly version: string;
  /** For patches and tabs, as in `support/greet@12`. */
  readonly name: string;
}

export interface ContentResult {
  /** Undefined while it is read. */
  readonly data: NamedContent | undefined;
  readonly error: Error | null;
}

/** Reads what a ref names; a draft follows what is typed, a version and an older step never change. */
export function useContent(ref: ContentRef): ContentResult {
  const version = useVersion(ref.kind === 'version' ? ref.versionId : null);
  const step = useQuery({
    ...orpc.prompts.draftStep.queryOptions({
      input: ref.kind === 'step' ? { id: ref.promptId, step: ref.step } : { id: '', step: '' },
    }),
    enabled: ref.kind === 'step',
  });
  const promptId = ref.kind === 'version' ? version.data?.promptId : ref.promptId;
  const prompt = useQuery({
    ...orpc.prompts.get.queryOptions({ input: { id: promptId ?? '' } }),
    enabled: promptId !== undefined,
  });
  const error = version.error ?? step.error ?? prompt.error;
  if (prompt.data === undefined) return { data: undefined, error };
  const { name, draft } = prompt.data;
  if (ref.kind === 'draft') {
    return {
      data: { ref, prompt: prompt.data, content: draft.content, version: 'draft', name: `${name}@draft` },
      error,
    };
  }
  if (ref.kind === 'step') {
    if (step.data === undefined) return { data: undefined, error };
    const { content, at } = step.data;
    return {
      data: {
        ref,
        prompt: prompt.data,
        content,
        version: `step of ${new Date(at).toLocaleTimeString()}`,
        name: `${name}@step-${ref.step}`,
      },
      error,
    };
  }
  if (version.data === undefined) return { data: undefined, error };
  const { content } = version.data;
  const named = { version: versionName(version.data), name: versionRefOf(name, version.data) };
  return { data: { ref, prompt: prompt.data, content, ...named }, error };
}

/** A version with its content; null reads none. */
export function useVersion(id: string | null) {
  return useQuery({ ...orpc.versions.get.queryOptions({ input: { id: id ?? '' } }), enabled: id !== null });
}
