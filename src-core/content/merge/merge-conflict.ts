import type { MessageTemplate } from '../../contract/messages.ts';
import type { Json } from '../../contract/shared.ts';
import { AppError } from '../../scope/errors.ts';
import { splitLines } from '../diff/line-diff.ts';

interface ConflictOf<Kind extends string, Value> {
  readonly kind: Kind;
  /** Stays the same however the other conflicts are decided; names the place in `base`. */
  readonly id: string;
  /** For people, as in "system message, line 12". */
  readonly where: string;
  readonly base: Value;
  readonly ours: Value;
  readonly theirs: Value;
}

/** Lines of one message that both sides changed; `line` is the 1-based number of the first one in `base`. */
export type TextConflict = ConflictOf<'text', readonly string[]> & { readonly line: number };

/** A value that both sides changed; undefined where it is absent or was removed. */
export type ValueConflict = ConflictOf<'value', Json | undefined> & { readonly path: readonly string[] };

/** Whole messages: one side removed what the other edited, or both added some at one place. */
export type MessagesConflict = ConflictOf<'messages', readonly MessageTemplate[]>;

/** Both sides sorted messages (or inputs, tools, samples) in their own way; values are their names in order. */
export type OrderConflict = ConflictOf<'order', readonly string[]>;

/** What two sides of a merge cannot both have. */
export type Conflict = TextConflict | ValueConflict | MessagesConflict | OrderConflict;

/**
 * A person's answer to one conflict. `both` is ours, then theirs: of lines, messages and lists. `edited` gives the
 * result itself: a text for lines, a JSON value, or a list of messages.
 */
export type MergeChoice =
  | { readonly take: 'base' | 'ours' | 'theirs' | 'both' }
  | { readonly take: 'edited'; readonly value: Json };

/** Answers a conflict; the merge asks in a fixed order and goes on with the answer. */
export type Decide = (conflict: Conflict) => MergeChoice;

/** The lines that a choice makes of a text conflict. */
export function chosenLines(conflict: TextConflict, choice: MergeChoice): readonly string[] {
  if (choice.take === 'both') return [...conflict.ours, ...conflict.theirs];
  if (choice.take !== 'edited') return conflict[choice.take];
  if (typeof choice.value !== 'string') throw unfit(conflict, 'an edited text');
  return splitLines(choice.value);
}

/** The value that a choice makes of a value conflict; undefined removes it. */
export function chosenValue(conflict: ValueConflict, choice: MergeChoice): Json | undefined {
  if (choice.take === 'edited') return choice.value;
  if (choice.take !== 'both') return conflict[choice.take];
  const { ours, theirs } = conflict;
  if (!Array.isArray(ours) || !Array.isArray(theirs)) throw unfit(conflict, '"base", "ours", "theirs" or a value');
  return [...new Set<Json>([...ours, ...theirs])];
}

/** The messages that a choice makes of a conflict of messages. */
export function chosenMessages(conflict: MessagesConflict, choice: MergeChoice): readonly MessageTemplate[] {
  if (choice.take === 'both') return [...conflict.ours, ...conflict.theirs];
  if (choice.take !== 'edited') return conflict[choice.take];
  if (!Array.isArray(choice.value)) throw unfit(conflict, 'a list of edited messages');
  // Checked with the whole content at the end of the merge.
  return choice.value as unknown as readonly MessageTemplate[];
}

/** The side whose order a choice takes. */
export function chosenOrder(conflict: OrderConflict, choice: MergeChoice): 'base' | 'ours' | 'theirs' {
  if (choice.take === 'both' || choice.take === 'edited') throw unfit(conflict, '"base", "ours" or "theirs"');
  return choice.take;
}

function unfit(conflict: Conflict, expected: string): AppError {
  return new AppError('invalid', `The choice for ${conflict.where} should be ${expected}.`, { conflict: conflict.id });
}
