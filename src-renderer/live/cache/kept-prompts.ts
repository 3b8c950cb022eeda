import type { Prompt } from '../../../src-core/contract/prompts.ts';
import type { DraftMark } from '../../../src-core/contract/workspace.ts';
import { client, orpc } from '../api.ts';
import { patch, queriesOf } from './queries.ts';

const kept = new Map<string, number>();
/** The newest revision that was heard of, by prompt. */
const revisions = new Map<string, number>();
const mostRevisions = 5_000;

/** Whoever has a prompt open reads it again itself when it changes, and shows it to all others in this window; until the returned function is called. */
export function keepPrompt(id: string): () => void {
  kept.set(id, (kept.get(id) ?? 0) + 1);
  return () => {
    const left = (kept.get(id) ?? 0) - 1;
    if (left > 0) kept.set(id, left);
    else kept.delete(id);
  };
}

export function isKept(id: string): boolean {
  return kept.has(id);
}

/** Reads a prompt, for everything in this window that shows it. */
export async function readPrompt(id: string): Promise<Prompt> {
  const prompt = await client.prompts.get({ id });
  showPrompt(prompt);
  return prompt;
}

/** Shows a prompt as it was read or saved just now to everything in this window that has read it; never an older draft. */
export function showPrompt(prompt: Prompt): void {
  for (const query of queriesOf(orpc.prompts.get.queryKey({ input: { id: prompt.id } })))
    patch<Prompt>(query, (shown) =>
      shown.draft.revision > prompt.draft.revision ? { ...prompt, draft: shown.draft } : prompt,
    );
}

/** Takes note of how far drafts are. */
export function noteRevisions(marks: readonly DraftMark[]): void {
  if (revisions.size > mostRevisions) revisions.clear();
  for (const { promptId, revision } of marks) revisions.set(promptId, revision);
}

/** Whether what was read of a prompt has the newest draft that was heard of. */
export function hasNewestDraft({ id, draft }: Prompt): boolean {
  return draft.revision >= (revisions.get(id) ?? Number.POSITIVE_INFINITY);
}
