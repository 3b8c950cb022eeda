import type { PromptContent } from '../../contract/content.ts';
import { documentOf } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';
import { alignMessages, type MessagePair, movedPairs, sameMessage } from './align-messages.ts';
import { diffFields, type FieldChange } from './field-changes.ts';
import { countLines, diffLines, type LineCount, splitLines } from './line-diff.ts';
import { messageName } from './message-name.ts';

/** A message, where it stands and how a person would call it, as in "system message", "user message 2" or "placeholder `history`". */
export interface PlacedMessage {
  readonly message: MessageTemplate;
  readonly index: number;
  readonly label: string;
}

/** What became of one message. A change of role alone is `changed` with no changed lines. */
export type MessageChange =
  | {
      readonly kind: 'same' | 'changed';
      readonly before: PlacedMessage;
      readonly after: PlacedMessage;
      /** It stands elsewhere among the messages that both have. */
      readonly moved: boolean;
      readonly lines: LineCount;
    }
  | { readonly kind: 'added'; readonly after: PlacedMessage; readonly lines: LineCount }
  | { readonly kind: 'removed'; readonly before: PlacedMessage; readonly lines: LineCount };

export interface ContentDiff {
  /** Every message of both sides, in the order of `after`, removed ones where they stood. */
  readonly messages: readonly MessageChange[];
  readonly fields: readonly FieldChange[];
}

/** Compares two contents: message by message, then value by value. */
export function diffContent(before: PromptContent, after: PromptContent): ContentDiff {
  return { messages: diffMessages(before.messages, after.messages), fields: diffFields(before, after) };
}

/** Lines added and removed: those of the messages, and one for each value that came or went. */
export function changeSize(diff: ContentDiff): LineCount {
  const counts = [
    ...diff.messages.map(({ lines }) => lines),
    ...diff.fields.map(({ kind }) => ({ added: kind === 'removed' ? 0 : 1, removed: kind === 'added' ? 0 : 1 })),
  ];
  return counts.reduce((sum, { added, removed }) => ({ added: sum.added + added, removed: sum.removed + removed }), {
    added: 0,
    removed: 0,
  });
}

function diffMessages(before: readonly MessageTemplate[], after: readonly MessageTemplate[]): readonly MessageChange[] {
  const pairs = alignMessages(before, after);
  const moved = movedPairs(pairs);
  const pairOf = new Map(pairs.map((pair) => [pair.after, pair]));
  const kept = new Set(pairs.map((pair) => pair.before));
  const changes: MessageChange[] = [];
  let next = 0;
  const removeUntil = (end: number) => {
    for (; next < end; next++) if (!kept.has(next)) changes.push(removedMessage(before, next));
  };
  for (const index of after.keys()) {
    const pair = pairOf.get(index);
    if (pair && !moved.has(pair)) removeUntil(pair.before);
    changes.push(pair ? keptMessage(before, after, pair, moved.has(pair)) : addedMessage(after, index));
  }
  removeUntil(before.length);
  return changes;
}

function keptMessage(
  before: readonly MessageTemplate[],
  after: readonly MessageTemplate[],
  pair: MessagePair,
  moved: boolean,
): MessageChange {
  const [old, fresh] = [place(before, pair.before), place(after, pair.after)];
  const same = sameMessage(old.message, fresh.message);
  const lines = countLines(diffLines(documentOf(old.message), documentOf(fresh.message)));
  return { kind: same ? 'same' : 'changed', before: old, after: fresh, moved, lines };
}

function addedMessage(after: readonly MessageTemplate[], index: number): MessageChange {
  const message = place(after, index);
  return {
    kind: 'added',
    after: message,
    lines: { added: splitLines(documentOf(message.message)).length, removed: 0 },
  };
}

function removedMessage(before: readonly MessageTemplate[], index: number): MessageChange {
  const message = place(before, index);
  return {
    kind: 'removed',
    before: message,
    lines: { added: 0, removed: splitLines(documentOf(message.message)).length },
  };
}

function place(messages: readonly MessageTemplate[], index: number): PlacedMessage {
  return { message: messages[index]!, index, label: messageName(messages, index) };
}
