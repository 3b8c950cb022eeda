import { isPlainObject } from '../../contract/json.ts';
import { isBlobHash, isMediaType, mediaUrlProblem, mostParts } from '../../contract/media-address.ts';
import type { RenderedPart, Role } from '../../contract/messages.ts';

/*
 * Checks the value of an input of type `messages`. By hand, because what renders a prompt must not load zod, which makes
 * functions from text.
 */

/** A message of such a value. */
export interface ValueMessage {
  readonly role: Role;
  readonly content: string | readonly RenderedPart[];
}

/** Messages in the value of one input. */
export const mostMessages = 1_000;

const roles: Readonly<Record<Role, true>> = { system: true, developer: true, user: true, assistant: true, tool: true };

/** Which keys a part has, and what each must be; `?` marks those that may be absent. */
const partKeys = {
  text: { text: 'text' },
  image: { url: 'url?', hash: 'hash?', mediaType: 'type?', name: 'text?', detail: 'text?' },
  audio: { url: 'url?', hash: 'hash?', mediaType: 'type?', name: 'text?', detail: 'text?' },
  file: { url: 'url?', hash: 'hash?', mediaType: 'type?', name: 'text?', detail: 'text?' },
  tool_call: { id: 'text?', name: 'name', arguments: 'text?' },
  tool_result: { id: 'text?', name: 'text?', content: 'text' },
} as const satisfies Readonly<Record<RenderedPart['type'], Readonly<Record<string, string>>>>;

type Checked<Value> = { readonly value: Value } | { readonly problem: string };

/** The messages, or the first thing that is wrong with them as a sentence without its end. Keys that are not known are refused, so that nothing is dropped. */
export function readMessages(list: readonly unknown[]): Checked<readonly ValueMessage[]> {
  if (list.length > mostMessages)
    return { problem: `has ${list.length} messages, and may have at most ${mostMessages}` };
  const messages: ValueMessage[] = [];
  for (const [index, item] of list.entries()) {
    const read = readMessage(item);
    if ('problem' in read) return { problem: `is refused: message ${index + 1} ${read.problem}` };
    messages.push(read.value);
  }
  return { value: messages };
}

function readMessage(item: unknown): Checked<ValueMessage> {
  if (!isPlainObject(item)) return { problem: 'is no object with "role" and "content"' };
  const unknown = Object.keys(item).find((key) => key !== 'role' && key !== 'content');
  if (unknown !== undefined)
    return { problem: `has the key "${unknown.slice(0, 60)}"; a message has "role" and "content" only` };
  const { role, content } = item;
  if (typeof role !== 'string' || !Object.hasOwn(roles, role))
    return { problem: `has no role of ${Object.keys(roles).join(', ')}` };
  if (typeof content === 'string') return { value: { role: role as Role, content } };
  if (!Array.isArray(content)) return { problem: 'has no content that is a text or a list of parts' };
  if (content.length > mostParts) return { problem: `has ${content.length} parts, and may have at most ${mostParts}` };
  const parts: RenderedPart[] = [];
  for (const [index, part] of content.entries()) {
    const read = readPart(part);
    if ('problem' in read) return { problem: `has a part ${index + 1} that ${read.problem}` };
    parts.push(read.value);
  }
  return { value: { role: role as Role, content: parts } };
}

function readPart(part: unknown): Checked<RenderedPart> {
  const type = isPlainObject(part) ? part.type : undefined;
  if (!isPlainObject(part) || typeof type !== 'string' || !Object.hasOwn(partKeys, type))
    return { problem: `has no type of ${Object.keys(partKeys).join(', ')}` };
  const keys: Readonly<Record<string, string>> = partKeys[type as RenderedPart['type']];
  const unknown = Object.keys(part).find((key) => key !== 'type' && !Object.hasOwn(keys, key));
  if (unknown !== undefined) return { problem: `has the key "${unknown.slice(0, 60)}", which no ${type} has here` };
  for (const [key, kind] of Object.entries(keys)) {
    const problem = problemOf(part[key], kind);
    if (problem !== null) return { problem: `has a wrong "${key}": ${problem}` };
  }
  if ('url' in keys && (part.url === undefined) === (part.hash === undefined))
    return { problem: 'must have exactly one of "url" and "hash"' };
  if (type === 'tool_call') return { value: { id: '', arguments: '{}', ...part } as unknown as RenderedPart };
  return { value: (type === 'tool_result' ? { id: '', ...part } : part) as unknown as RenderedPart };
}

function problemOf(value: unknown, kind: string): string | null {
  if (value === undefined) return kind.endsWith('?') ? null : 'it is missing';
  if (typeof value !== 'string') return 'it is no text';
  switch (kind.replace('?', '')) {
    case 'url':
      return mediaUrlProblem(value)?.replace(/\.$/, '') ?? null;
    case 'hash':
      return isBlobHash(value) ? null : 'it is not the 64 hex digits of a SHA-256';
    case 'type':
      return isMediaType(value) ? null : 'it is no media type such as "image/png"';
    case 'name':
      return value === '' ? 'it is empty' : null;
    default:
      return null;
  }
}
