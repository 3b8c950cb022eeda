import type { MessageTemplate } from '../../contract/messages.ts';
import type { Json } from '../../contract/shared.ts';
import { alignMessages, sameMessage } from '../diff/align-messages.ts';
import { joinLines, splitLines } from '../diff/line-diff.ts';
import { messageName } from '../diff/message-name.ts';
import { canonicalJson } from '../hash-content.ts';
import { chosenLines, chosenMessages, chosenOrder, type Decide } from './merge-conflict.ts';
import { mergeValue, type Sides } from './merge-fields.ts';
import { type Additions, mergeOrder } from './merge-order.ts';
import { mergeSequences } from './merge-text.ts';

type Messages = readonly MessageTemplate[];

/** A side's messages by id: the index in `base` for those that came from there, else an id of its own. */
type MessagesById = ReadonlyMap<string, MessageTemplate>;

/**
 * Merges lists of messages: each message of `base` follows its counterparts (text by line, all else as values), wherever
 * they moved; removed when a side removed it and the other did not edit it; added ones stay behind their predecessor.
 */
export function mergeMessages(lists: Sides<Messages>, decide: Decide): Messages {
  const base = new Map(lists.base.map((message, i) => [String(i), message]));
  const ours = identify(lists.base, lists.ours, 'ours');
  const theirs = identify(lists.base, lists.theirs, 'theirs');
  const message = (id: string) => ({ base: base.get(id), ours: ours.get(id), theirs: theirs.get(id) });
  const order = mergeOrder(
    { base: [...base.keys()], ours: [...ours.keys()], theirs: [...theirs.keys()] },
    (id) => isKept(message(id)),
    () => decideOrder(lists, decide),
  );
  const added = (place: string) => {
    const additions = order.added.get(place);
    return additions ? mergeAdded(lists.base, place, additions, { ours, theirs }, decide) : [];
  };
  const first = added('');
  // Asked in the order of base, so that the conflicts come the same way whichever side decides the order.
  const parts = new Map<string, Messages>();
  for (const id of base.keys()) {
    if (order.kept.includes(id))
      parts.set(id, [...mergeKept(lists.base, Number(id), message(id), decide), ...added(id)]);
  }
  const merged = [...first, ...order.kept.flatMap((id) => parts.get(id)!)];
  return merged.length > 0 ? merged : decideWhole(lists, decide);
}

function identify(base: Messages, side: Messages, prefix: string): MessagesById {
  const origin = new Map(alignMessages(base, side).map((pair) => [pair.after, String(pair.before)]));
  return new Map(side.map((message, i) => [origin.get(i) ?? `${prefix} ${i}`, message]));
}

function sameOrGone(one: MessageTemplate | undefined, other: MessageTemplate | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && sameMessage(one, other));
}

function isKept({ base, ours, theirs }: Sides<MessageTemplate | undefined>): boolean {
  return (ours !== undefined || !sameOrGone(base, theirs)) && (theirs !== undefined || !sameOrGone(base, ours));
}

function mergeKept(
  all: Messages,
  index: number,
  { ours, theirs }: Sides<MessageTemplate | undefined>,
  decide: Decide,
): Messages {
  const base = all[index]!;
  const where = messageName(all, index);
  const id = `messages/${index}`;
  if (!ours && !theirs) return [];
  if (!ours || !theirs) {
    const sides = { base: [base], ours: ours ? [ours] : [], theirs: theirs ? [theirs] : [] };
    const conflict = { kind: 'messages', id, where, ...sides } as const;
    return chosenMessages(conflict, decide(conflict));
  }
  const sides: Sides<Fields> = { base, ours, theirs };
  const merged = keys.map((key): readonly [string, Json | undefined] => {
    const values = { base: sides.base[key], ours: sides.ours[key], theirs: sides.theirs[key] };
    // Parts are taken as they are on one side: what stands between two texts belongs to both.
    if (key === 'content' && areTexts(values)) return [key, mergeMessageText(values, id, where, decide)];
    return [key, mergeValue(values, ['messages', String(index), key], `${where}, ${key}`, decide)];
  });
  return [asMessage(Object.fromEntries(merged.filter(([, value]) => value !== undefined)))];
}

const keys = ['role', 'content', 'placeholder', 'optional', 'extra'] as const;
type Fields = Readonly<Partial<Record<(typeof keys)[number], unknown>>>;

function areTexts(sides: Sides<unknown>): sides is Sides<string> {
  return [sides.base, sides.ours, sides.theirs].every((side) => typeof side === 'string');
}

/** Checked with the whole content at the end of the merge. */
function asMessage(value: Readonly<Record<string, Json | undefined>>): MessageTemplate {
  return value as unknown as MessageTemplate;
}

function mergeMessageText(texts: Sides<string>, id: string, where: string, decide: Decide): string {
  const chunks = mergeSequences(splitLines(texts.base), splitLines(texts.ours), splitLines(texts.theirs));
  const lines = chunks.flatMap((chunk, i) => {
    if (chunk.kind === 'clean') return chunk.lines;
    const { base, ours, theirs } = chunk;
    const line = chunk.baseStart + 1;
    const place = { kind: 'text', id: `${id}/text/${i}`, where: `${where}, line ${line}`, line } as const;
    const conflict = { ...place, base, ours, theirs };
    return chosenLines(conflict, decide(conflict));
  });
  return joinLines(lines);
}

/** What both sides added alike comes once; what they added differently at one place is for a person to sort out. */
function mergeAdded(
  all: Messages,
  place: string,
  additions: Additions,
  sides: { readonly ours: MessagesById; readonly theirs: MessagesById },
  decide: Decide,
): Messages {
  const encode = (ids: readonly string[], side: MessagesById) => ids.map((id) => canonicalJson(side.get(id)));
  const decode = (items: readonly string[]) => items.map((item) => JSON.parse(item) as MessageTemplate);
  const chunks = mergeSequences([], encode(additions.ours, sides.ours), encode(additions.theirs, sides.theirs));
  return chunks.flatMap((chunk, i) => {
    if (chunk.kind === 'clean') return decode(chunk.lines);
    const where =
      place === '' ? 'messages added at the start' : `messages added after ${messageName(all, Number(place))}`;
    const added = { base: [], ours: decode(chunk.ours), theirs: decode(chunk.theirs) };
    const conflict = { kind: 'messages', id: `messages/${place}/added/${i}`, where, ...added } as const;
    return chosenMessages(conflict, decide(conflict));
  });
}

function decideOrder(lists: Sides<Messages>, decide: Decide): 'base' | 'ours' | 'theirs' {
  const names = (messages: Messages) => messages.map((_, i) => messageName(messages, i));
  const orders = { base: names(lists.base), ours: names(lists.ours), theirs: names(lists.theirs) };
  const conflict = { kind: 'order', id: 'messages#order', where: 'order of messages', ...orders } as const;
  return chosenOrder(conflict, decide(conflict));
}

/** Each side removed what the other kept, and a prompt without a message is none. */
function decideWhole(lists: Sides<Messages>, decide: Decide): Messages {
  const conflict = {
    kind: 'messages',
    id: 'messages',
    where: 'all messages, because none would be left',
    ...lists,
  } as const;
  return chosenMessages(conflict, decide(conflict));
}
