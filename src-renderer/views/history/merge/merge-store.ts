import { z } from 'zod';
import { create } from 'zustand';
import type { MergeChoice } from '../../../../src-core/content/merge/merge-conflict.ts';
import type { Json } from '../../../../src-core/contract/shared.ts';
import { loadStatesWhenConnected, recall, remember } from '../../../live/window-state.ts';
import type { Choices } from './merge-choices.ts';

const choiceSchema = z.union([
  z.object({ take: z.enum(['base', 'ours', 'theirs', 'both']) }),
  z.object({ take: z.literal('edited'), value: z.json() as unknown as z.ZodType<Json> }),
]);
const choicesSchema: z.ZodType<Choices> = z.record(z.string(), choiceSchema);

interface MergesState {
  /** Answers by merge. */
  readonly choices: Readonly<Record<string, Choices>>;
  /** Results as typed that are not valid yet, by merge and conflict. */
  readonly texts: Readonly<Record<string, UnreadTexts>>;
}

/** Texts by conflict id. */
export type UnreadTexts = Readonly<Record<string, string>>;
const noTexts: UnreadTexts = {};

const useMerges = create<MergesState>(() => ({ choices: {}, texts: {} }));
const choicesKey = (mergeId: string): string => `merge.choices:${mergeId}`;
const textsKey = (mergeId: string): string => `merge.texts:${mergeId}`;
const textsSchema = z.record(z.string(), z.string());
const none: Choices = {};

/** The answers given so far in a merge. */
export function useChoices(mergeId: string): Choices {
  return useMerges((state) => state.choices[mergeId]) ?? none;
}

/** Whether the answers of an earlier session are loaded. */
export function useIsLoaded(mergeId: string): boolean {
  return useMerges((state) => state.choices[mergeId] !== undefined);
}

/** Loads the answers of an earlier session, as soon as the host can be reached. */
export async function loadChoices(mergeId: string): Promise<void> {
  const isWanted = () => useMerges.getState().choices[mergeId] === undefined;
  if (!isWanted()) return;
  await loadStatesWhenConnected([choicesKey(mergeId), textsKey(mergeId)], isWanted);
  if (!isWanted()) return;
  setTexts(mergeId, recall(textsKey(mergeId), textsSchema, noTexts), false);
  setChoices(mergeId, recall(choicesKey(mergeId), choicesSchema, none), false);
}

/** The typed results of a merge that are not valid yet. */
export function useUnreadTexts(mergeId: string): UnreadTexts {
  return useMerges((state) => state.texts[mergeId]) ?? noTexts;
}

/** Keeps a result that is not valid yet; null when it is. */
export function keepText(mergeId: string, conflictId: string, text: string | null): void {
  const before = useMerges.getState().texts[mergeId] ?? noTexts;
  if (before[conflictId] === (text ?? undefined)) return;
  const { [conflictId]: _before, ...others } = before;
  setTexts(mergeId, text === null ? others : { ...others, [conflictId]: text });
}

/** Answers one conflict; null takes the answer back. */
export function choose(mergeId: string, conflictId: string, choice: MergeChoice | null): void {
  const { [conflictId]: _before, ...others } = useMerges.getState().choices[mergeId] ?? none;
  keepText(mergeId, conflictId, null);
  setChoices(mergeId, choice === null ? others : { ...others, [conflictId]: choice });
}

/** Forgets all answers of a merge that was applied or given up. */
export function forgetChoices(mergeId: string): void {
  const { choices, texts } = useMerges.getState();
  const isEmpty = Object.keys({ ...choices[mergeId], ...texts[mergeId] }).length === 0;
  setTexts(mergeId, noTexts, !isEmpty);
  setChoices(mergeId, none, !isEmpty);
}

function setChoices(mergeId: string, next: Choices, keep = true): void {
  useMerges.setState(({ choices }) => ({ choices: { ...choices, [mergeId]: next } }));
  if (keep) remember(choicesKey(mergeId), next as Json);
}

function setTexts(mergeId: string, next: UnreadTexts, keep = true): void {
  useMerges.setState(({ texts }) => ({ texts: { ...texts, [mergeId]: next } }));
  if (keep) remember(textsKey(mergeId), { ...next });
}
