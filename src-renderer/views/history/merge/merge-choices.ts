import { joinLines, splitLines } from '../../../../src-core/content/diff/line-diff.ts';
import { parseExactJson } from '../../../../src-core/content/inputs/written-json.ts';
import {
  type Conflict,
  chosenLines,
  chosenMessages,
  chosenValue,
  type MergeChoice,
} from '../../../../src-core/content/merge/merge-conflict.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { documentOf, isPlaceholder } from '../../../../src-core/contract/message-texts.ts';
import type { Json } from '../../../../src-core/contract/shared.ts';

/** A person's answers so far, by conflict id. */
export type Choices = Readonly<Record<string, MergeChoice>>;
/** What one click answers. */
export type Take = Exclude<MergeChoice['take'], 'edited'>;

/** The answers that fit a conflict: both sides can be kept only where there are lines, messages or lists. */
export function takesFor(conflict: Conflict): readonly Take[] {
  const hasBoth =
    conflict.kind === 'text' ||
    conflict.kind === 'messages' ||
    (conflict.kind === 'value' && Array.isArray(conflict.ours) && Array.isArray(conflict.theirs));
  return hasBoth ? ['ours', 'theirs', 'both', 'base'] : ['ours', 'theirs', 'base'];
}

/** The result of a choice, in the form in which it can be edited. */
export function chosenResult(conflict: Conflict, choice: MergeChoice): Json | undefined {
  switch (conflict.kind) {
    case 'text':
      return joinLines(chosenLines(conflict, choice));
    case 'value':
      return chosenValue(conflict, choice);
    case 'messages':
      return chosenMessages(conflict, choice) as unknown as Json;
    case 'order':
      return choice.take === 'both' || choice.take === 'edited' ? undefined : [...conflict[choice.take]];
  }
}

/** Earlier answers that still fit, because the draft may have been edited since. */
export function choicesFor(conflicts: readonly Conflict[], choices: Choices): Choices {
  const known = new Set(conflicts.map(({ id }) => id));
  return Object.fromEntries(Object.entries(choices).filter(([id]) => known.has(id)));
}

/** The next undecided conflict in a direction, wrapping around; the next conflict when all are decided. */
export function stepConflict(conflicts: readonly Conflict[], choices: Choices, from: number, step: 1 | -1): number {
  const count = conflicts.length;
  if (count === 0) return 0;
  const at = (distance: number) => (from + step * distance + count * distance) % count;
  for (let distance = 1; distance <= count; distance += 1) {
    const conflict = conflicts[at(distance)];
    if (conflict !== undefined && !Object.hasOwn(choices, conflict.id)) return at(distance);
  }
  return at(1);
}

const valueText = (value: Json | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2);

/** One side of a conflict as text to read; '' where there is nothing. */
export function sideText(conflict: Conflict, side: 'base' | 'ours' | 'theirs'): string {
  switch (conflict.kind) {
    case 'text':
      return joinLines(conflict[side]);
    case 'value':
      return valueText(conflict[side]);
    case 'messages':
      return conflict[side]
        .map((message) => (isPlaceholder(message) ? documentOf(message) : `${message.role}:\n${documentOf(message)}`))
        .join('\n\n');
    case 'order':
      return conflict[side].join('\n');
  }
}

/** Lines around a conflict, as they stand in what both sides started from. */
export interface ConflictContext {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const contextLines = 2;

/** The lines around changed lines, to show where they are; null for other conflicts. */
export function contextOf(conflict: Conflict, base: PromptContent): ConflictContext | null {
  const [, index] = /^messages\/(\d+)\/text\//.exec(conflict.id) ?? [];
  const message = base.messages[Number(index ?? -1)];
  if (conflict.kind !== 'text' || typeof message?.content !== 'string') return null;
  const lines = splitLines(message.content);
  const start = conflict.line - 1;
  const end = start + conflict.base.length;
  return {
    before: lines.slice(Math.max(0, start - contextLines), start),
    after: lines.slice(end, end + contextLines),
  };
}

/** Whether the result is edited as text or as JSON, which does not change while it is typed. */
export function holdsText(conflict: Conflict): boolean {
  if (conflict.kind !== 'value') return conflict.kind === 'text';
  const sides = [conflict.ours, conflict.theirs];
  // A text against a list of parts is edited as JSON, which tells the two apart.
  const hasList = [conflict.base, ...sides].some((side) => typeof side === 'object' && side !== null);
  return !hasList && sides.some((side) => typeof side === 'string');
}

/** Reads an edited value back: text stays text where the sides are texts, everything else is JSON. */
export function readValue(conflict: Conflict, text: string): { readonly value: Json } | { readonly problem: string } {
  if (holdsText(conflict)) return { value: text };
  const read = parseExactJson(text);
  return 'error' in read ? { problem: read.error } : read;
}
