import { canonicalJson } from '../../../src-core/content/hash-content.ts';
import { partsOf } from '../../../src-core/contract/message-texts.ts';
import type { MessagePart, MessageTemplate } from '../../../src-core/contract/messages.ts';
import type { DraftHandle } from './draft-handle.ts';

interface Known {
  readonly message: MessageTemplate;
  readonly parts: readonly MessagePart[];
  readonly keys: readonly string[];
}

const known = new WeakMap<DraftHandle, Map<string, Known>>();

/** The key of the first text of a message; as long as a message is one text, its editor is that of the message. */
const firstKey = '';

/**
 * Keys for the parts of a message, because their indexes change when they move; a part that is changed or moved keeps its
 * own, so that its editor keeps its undo history.
 */
export function partKeysOf(handle: DraftHandle, messageKey: string, message: MessageTemplate): readonly string[] {
  const messages = known.get(handle) ?? new Map<string, Known>();
  known.set(handle, messages);
  const before = messages.get(messageKey);
  if (before?.message === message) return before.keys;
  const parts = partsOf(message);
  const keys = partKeysFor(parts, before ?? { parts: [], keys: [] });
  messages.set(messageKey, { message, parts, keys });
  return keys;
}

/** Keys for parts, those of the parts before where a part is one of them. */
export function partKeysFor(
  parts: readonly MessagePart[],
  before: { readonly parts: readonly MessagePart[]; readonly keys: readonly string[] },
): readonly string[] {
  const taken = before.keys.length === 0 ? new Map([[0, -1]]) : pairParts(parts, before.parts);
  return parts.map((_, index) => {
    const from = taken.get(index);
    return from === undefined ? crypto.randomUUID() : (before.keys[from] ?? firstKey);
  });
}

/** Where a part of a message is after an edit of the message; null when it is gone. */
export function placeOfPart(
  before: MessageTemplate | undefined,
  after: MessageTemplate | undefined,
  part: number,
): number | null {
  if (before === undefined || after === undefined) return null;
  for (const [now, was] of pairParts(partsOf(after), partsOf(before))) if (was === part) return now;
  return null;
}

/** Which part was which before: the same object, else an equal one, else one of the same type, in order. */
function pairParts(parts: readonly MessagePart[], before: readonly MessagePart[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const free = new Set(before.keys());
  const pair = (matches: (part: MessagePart, candidate: MessagePart) => boolean) => {
    for (const [index, part] of parts.entries()) {
      if (pairs.has(index)) continue;
      const from = [...free].find((candidate) => matches(part, before[candidate]!));
      if (from === undefined) continue;
      pairs.set(index, from);
      free.delete(from);
    }
  };
  pair((part, candidate) => part === candidate);
  if (pairs.size < parts.length && free.size > 0)
    pair((part, candidate) => part.type === candidate.type && canonicalJson(part) === canonicalJson(candidate));
  if (free.size > 0) pair((part, candidate) => part.type === candidate.type);
  return pairs;
}
