import { z } from 'zod';
import { create } from 'zustand';
import type { Json } from '../../../../src-core/contract/shared.ts';
import type { MergeChoice } from '../../../../src-core/versions/merge-conflict.ts';
import { loadState, recall, remember } from '../../../workbench/window-state.ts';
import type { Choices } from './merge-choices.ts';

const choiceSchema = z.union([
  z.object({ take: z.enum(['base', 'ours', 'theirs', 'both']) }),
  z.object({ take: z.literal('edited'), value: z.json() as unknown as z.ZodType<Json> }),
]);
const choicesSchema: z.ZodType<Choices> = z.record(z.string(), choiceSchema);

interface MergesState {
  /** Answers by merge. */
  readonly choices: Readonly<Record<string, Choices>>;
  /** Results that cannot be read yet, as they were typed, by merge and conflict. */
  readonly texts: Readonly<Record<string, UnreadTexts>>;
}

/** Texts by conflict id. */
export type UnreadTexts = Readonly<Record<string, string>>;
const noTexts: UnreadTexts = {};

const useMerges = create<MergesState>(() => ({ choices: {}, texts: {} }));
const keyOf = (mergeId: string): string => `merge.choices:${mergeId}`;
const none: Choices = {};

/** The answers given so far in a merge. */
export const useChoices = (mergeId: string): Choices => useMerges((state) => state.choices[mergeId]) ?? none;

/** Takes up the answers of an earlier session. */
export async function loadChoices(mergeId: string): Promise<void> {
  if (useMerges.getState().choices[mergeId] !== undefined) return;
  await loadState(keyOf(mergeId));
  setChoices(mergeId, recall(keyOf(mergeId), choicesSchema, none), false);
}

/** What is typed as results of a merge and cannot be read yet. */
export const useUnreadTexts = (mergeId: string): UnreadTexts => useMerges((state) => state.texts[mergeId]) ?? noTexts;

/** Keeps a result that cannot be read yet; null when it can. */
export function keepText(mergeId: string, conflictId: string, text: string | null): void {
  useMerges.setState(({ texts }) => {
    const { [conflictId]: _before, ...others } = texts[mergeId] ?? noTexts;
    return { texts: { ...texts, [mergeId]: text === null ? others : { ...others, [conflictId]: text } } };
  });
}

/** Answers one conflict; null takes the answer back. */
export function choose(mergeId: string, conflictId: string, choice: MergeChoice | null): void {
  const { [conflictId]: _before, ...others } = useMerges.getState().choices[mergeId] ?? none;
  keepText(mergeId, conflictId, null);
  setChoices(mergeId, choice === null ? others : { ...others, [conflictId]: choice });
}

/** Forgets all answers of a merge that was applied. */
export function forgetChoices(mergeId: string): void {
  useMerges.setState(({ texts }) => ({ texts: { ...texts, [mergeId]: noTexts } }));
  setChoices(mergeId, none);
}

function setChoices(mergeId: string, next: Choices, keep = true): void {
  useMerges.setState(({ choices }) => ({ choices: { ...choices, [mergeId]: next } }));
  if (keep) remember(keyOf(mergeId), next as Json);
}
