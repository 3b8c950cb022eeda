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
}

const useMerges = create<MergesState>(() => ({ choices: {} }));
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

/** Answers one conflict; null takes the answer back. */
export function choose(mergeId: string, conflictId: string, choice: MergeChoice | null): void {
  const { [conflictId]: _before, ...others } = useMerges.getState().choices[mergeId] ?? none;
  setChoices(mergeId, choice === null ? others : { ...others, [conflictId]: choice });
}

/** Forgets all answers of a merge that was applied. */
export function forgetChoices(mergeId: string): void {
  setChoices(mergeId, none);
}

function setChoices(mergeId: string, next: Choices, keep = true): void {
  useMerges.setState(({ choices }) => ({ choices: { ...choices, [mergeId]: next } }));
  if (keep) remember(keyOf(mergeId), next as Json);
}
