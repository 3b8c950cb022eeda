import { isPlainObject, ownValue } from '../../contract/json.ts';
import { isBlobHash, isMediaType, mediaUrlProblem, mostParts } from '../../contract/media-address.ts';
import type { RenderedPart, Role } from '../../contract/messages.ts';
import {
  longestCallId,
  longestDetail,
  longestFileName,
  longestToolName,
  partRoleProblem,
} from '../../contract/part-rules.ts';
import { charactersOf, isLonger } from '../../contract/text-length.ts';

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

const callId = { kind: 'text', optional: true, longest: longestCallId } as const;
const mediaKeys = {
  url: { kind: 'url', optional: true },
  hash: { kind: 'hash', optional: true },
  mediaType: { kind: 'type', optional: true },
  name: { kind: 'text', optional: true, longest: longestFileName },
  detail: { kind: 'text', optional: true, longest: longestDetail },
} as const;

/** What the value of a key must be. */
interface KeyRule {
  readonly kind: 'text' | 'url' | 'hash' | 'type';
  readonly optional?: boolean;
  /** Fewest and most characters. */
  readonly shortest?: number;
  readonly longest?: number;
}

/** Which keys a part has, and what each must be: exactly what the contract's schema of a rendered part takes. */
const partKeys = {
  text: { text: { kind: 'text' } },
  image: mediaKeys,
  audio: mediaKeys,
  file: mediaKeys,
  tool_call: {
    id: callId,
    name: { kind: 'text', shortest: 1, longest: longestToolName },
    arguments: { kind: 'text', optional: true },
  },
  tool_result: {
    id: callId,
    name: { kind: 'text', optional: true, longest: longestToolName },
    content: { kind: 'text' },
  },
} as const satisfies Readonly<Record<RenderedPart['type'], Readonly<Record<string, KeyRule>>>>;

/** Keys and indexes that lead to a value in a list. */
export type ValuePath = readonly (string | number)[];

/** `at` is where the problem is; a key that is refused is its last step. */
type Checked<Value> = { readonly value: Value } | { readonly problem: string; readonly at: ValuePath };

/** The messages, or the first thing that is wrong with them as a sentence without its end. Keys that are not known are refused, so that nothing is dropped. */
export function readMessages(list: readonly unknown[]): Checked<readonly ValueMessage[]> {
  if (list.length > mostMessages)
    return { problem: `has ${list.length} messages, and may have at most ${mostMessages}`, at: [mostMessages] };
  const messages: ValueMessage[] = [];
  for (const [index, item] of list.entries()) {
    const read = readMessage(item);
    if ('problem' in read)
      return { problem: `is refused: message ${index + 1} ${read.problem}`, at: [index, ...read.at] };
    messages.push(read.value);
  }
  return { value: messages };
}

function readMessage(item: unknown): Checked<ValueMessage> {
  if (!isPlainObject(item)) return { problem: 'is no object with "role" and "content"', at: [] };
  const unknown = Object.keys(item).find((key) => key !== 'role' && key !== 'content');
  if (unknown !== undefined)
    return { problem: `has the key "${unknown.slice(0, 60)}"; a message has "role" and "content" only`, at: [unknown] };
  const { role, content } = item;
  if (typeof role !== 'string' || !Object.hasOwn(roles, role))
    return { problem: `has no role of ${Object.keys(roles).join(', ')}; ${came(role)}`, at: ['role'] };
  if (typeof content === 'string') return { value: { role: role as Role, content } };
  if (!Array.isArray(content))
    return { problem: `has no content that is a text or a list of parts; ${came(content)}`, at: ['content'] };
  if (content.length > mostParts)
    return {
      problem: `has ${content.length} parts, and may have at most ${mostParts}`,
      at: ['content', mostParts],
    };
  const parts: RenderedPart[] = [];
  for (const [index, part] of content.entries()) {
    const read = readPart(part, role as Role);
    if ('problem' in read)
      return { problem: `has a part ${index + 1} that ${read.problem}`, at: ['content', index, ...read.at] };
    parts.push(read.value);
  }
  return { value: { role: role as Role, content: parts } };
}

function readPart(part: unknown, role: Role): Checked<RenderedPart> {
  const type = isPlainObject(part) ? part.type : undefined;
  if (!isPlainObject(part) || typeof type !== 'string' || !Object.hasOwn(partKeys, type))
    return {
      problem: `has no type of ${Object.keys(partKeys).join(', ')}; ${came(isPlainObject(part) ? type : part)}`,
      at: ['type'],
    };
  const misplaced = partRoleProblem(role, type as RenderedPart['type']);
  if (misplaced !== null)
    return { problem: `is ${misplaced.thing}, but the role is "${role}": ${misplaced.remedy}`, at: ['type'] };
  const keys: Readonly<Record<string, KeyRule>> = partKeys[type as RenderedPart['type']];
  const unknown = Object.keys(part).find((key) => key !== 'type' && !Object.hasOwn(keys, key));
  if (unknown !== undefined)
    return { problem: `has the key "${unknown.slice(0, 60)}", which no ${type} has here`, at: [unknown] };
  for (const [key, rule] of Object.entries(keys)) {
    const problem = problemOf(part[key], rule);
    if (problem !== null) return { problem: `has a wrong "${key}": ${problem}`, at: [key] };
  }
  if ('url' in keys && (part.url === undefined) === (part.hash === undefined))
    return { problem: 'must have exactly one of "url" and "hash"', at: [] };
  // A key without a value would stand in place of the default.
  const given = Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
  const defaults = { tool_call: { id: '', arguments: '{}' }, tool_result: { id: '' } } as const;
  return { value: { ...ownValue<object>(defaults, type), ...given } as unknown as RenderedPart };
}

function problemOf(value: unknown, { kind, optional = false, shortest = 0, longest }: KeyRule): string | null {
  if (value === undefined) return optional ? null : 'it is missing';
  if (typeof value !== 'string') return `it is no text; ${came(value)}`;
  switch (kind) {
    case 'url':
      return mediaUrlProblem(value)?.replace(/\.$/, '') ?? null;
    case 'hash':
      return isBlobHash(value) ? null : `it is not the 64 hex digits of a SHA-256; ${came(value)}`;
    case 'type':
      return isMediaType(value) ? null : `it is no media type such as "image/png"; ${came(value)}`;
    case 'text':
      if (value.length < shortest) return 'it is empty';
      return longest === undefined || !isLonger(value, longest)
        ? null
        : `it has ${charactersOf(value)} characters, and may have at most ${longest}`;
  }
}

/** What stands where something else was expected, as the end of a sentence. */
function came(value: unknown): string {
  if (value === undefined) return 'nothing came';
  if (value === null) return 'null came';
  if (typeof value === 'string') return `${JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value)} came`;
  if (Array.isArray(value)) return 'a list came';
  return typeof value === 'object' ? 'an object came' : `${String(value).slice(0, 40)} came`;
}
