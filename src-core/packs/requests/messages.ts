import type { MessagePart, MessageTemplateInput, Role } from '../../contract/messages.ts';
import { roles } from '../../contract/messages.ts';
import { longestToolName } from '../../contract/part-rules.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { callPart, idOf, type Reading, readContent, textsOf } from './parts.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Keys of a message that are read; what else it has is kept. */
const messageKeys = ['role', 'content', 'tool_calls', 'tool_call_id', 'function_call', 'type', 'status', 'id'];

/** Roles by other names. */
const otherRoles: Readonly<Record<string, Role>> = {
  function: 'tool',
  model: 'assistant',
  ai: 'assistant',
  human: 'user',
};

/** Messages of a chat request: OpenAI's and Anthropic's differ in their parts only. One that is none is a loss. */
export function readMessages(
  list: readonly unknown[],
  where: string,
  reading: Reading,
): readonly MessageTemplateInput[] {
  return list.flatMap((message, index) => readMessage(message, `${where}[${index}]`, reading));
}

export function readMessage(message: unknown, where: string, reading: Reading): readonly MessageTemplateInput[] {
  if (!isMapping(message) || typeof message.role !== 'string') {
    reading.losses.add('dropped', 'message', where, 'It is no message: it has no role.');
    return [];
  }
  const role = readRole(message.role, `${where}.role`, reading.losses);
  const { parts, keeps, results } = readContent(message.content, `${where}.content`, reading);
  const called = callsOf(message, where, reading);
  const all = [...placed(role, parts, reading, where), ...called.parts];
  const messages = splitResults(role, all, message, where, reading);
  const extras = extrasOf(message, called.keep, where, reading.losses);
  const [first] = messages;
  if (keeps && messages.length === 1) extras.content = message.content;
  if (Object.keys(extras).length > 0 && first !== undefined) reading.kept.add(first, extras);
  if (messages.length > 1)
    for (const [part, raw] of results) reading.kept.add({ role: 'tool', content: [part] }, { content: [raw] });
  return messages;
}

export function readRole(role: string, where: string, losses: Losses): Role {
  const known = roles.find((each) => each === role.toLowerCase()) ?? ownRole(role.toLowerCase());
  if (known !== undefined) return known;
  losses.add('approximated', 'role', where, `The role "${role.slice(0, 60)}" is not known here; it became "user".`);
  return 'user';
}

function ownRole(role: string): Role | undefined {
  return Object.hasOwn(otherRoles, role) ? otherRoles[role] : undefined;
}

/** Parts that a message of the role may have; a call elsewhere than in an assistant's message became a text. */
function placed(role: Role, parts: readonly MessagePart[], reading: Reading, where: string): readonly MessagePart[] {
  if (role === 'assistant') return parts;
  return parts.map((part) => {
    if (part.type !== 'tool_call') return part;
    reading.losses.add('approximated', 'tool-call', where, 'Only an assistant calls tools; the call became a text.');
    return { type: 'text', text: `${reading.text(`[calls ${part.name} `)}${part.arguments}]` };
  });
}

function callsOf(message: Raw, where: string, reading: Reading) {
  const { tool_calls: calls, function_call: old } = message;
  const parts: MessagePart[] = [];
  const keep: string[] = [];
  const read = (call: unknown, id: unknown, place: string): boolean => {
    if (!isMapping(call) || typeof call.name !== 'string' || call.name === '') return false;
    parts.push(callPart({ id, name: call.name, input: call.arguments ?? call.input ?? {} }, place, reading));
    return true;
  };
  if (Array.isArray(calls))
    for (const [index, call] of calls.entries()) {
      const place = `${where}.tool_calls[${index}]`;
      const inner = isMapping(call) ? (call.function ?? call.custom ?? call) : null;
      if (!read(inner, isMapping(call) ? call.id : '', place)) keep.push('tool_calls');
    }
  else if (calls !== undefined && calls !== null) keep.push('tool_calls');
  if (isMapping(old)) {
    if (!read(old, '', `${where}.function_call`)) keep.push('function_call');
  } else if (old !== undefined && old !== null) keep.push('function_call');
  return { parts, keep };
}

/** Results of tools have messages of their own, of the role tool; what stands between them stays together. */
function splitResults(
  role: Role,
  parts: readonly MessagePart[],
  message: Raw,
  where: string,
  reading: Reading,
): readonly MessageTemplateInput[] {
  if (role === 'tool') return [toolMessage(parts, message, where, reading)];
  const messages: MessageTemplateInput[] = [];
  let rest: MessagePart[] = [];
  const flush = () => {
    if (rest.length > 0) messages.push({ role, content: contentOf(rest) });
    rest = [];
  };
  for (const part of parts) {
    if (part.type !== 'tool_result') {
      rest.push(part);
      continue;
    }
    flush();
    messages.push({ role: 'tool', content: [part] });
  }
  flush();
  return messages.length === 0 ? [{ role, content: '' }] : messages;
}

/** A message that answers a call is that result; one that names no call is a text. */
function toolMessage(
  parts: readonly MessagePart[],
  message: Raw,
  where: string,
  { losses }: Reading,
): MessageTemplateInput {
  const id = idOf(message.tool_call_id);
  const name = typeof message.name === 'string' ? message.name.slice(0, longestToolName) : undefined;
  if ((id === '' && name === undefined) || parts.some(({ type }) => type === 'tool_result'))
    return { role: 'tool', content: contentOf(parts) };
  losses.add('approximated', 'tool-call', where, 'The result became a part of the message.');
  const result: MessagePart = { type: 'tool_result', id, ...(name !== undefined && { name }), content: textsOf(parts) };
  return { role: 'tool', content: [result, ...parts.filter(({ type }) => type !== 'text')] };
}

/** Texts alone are one text; with other parts between them each stays its own. */
export function contentOf(parts: readonly MessagePart[]): string | MessagePart[] {
  return parts.every(({ type }) => type === 'text') ? textsOf(parts) : [...parts];
}

function extrasOf(message: Raw, keep: readonly string[], where: string, losses: Losses): Record<string, unknown> {
  const isTool = message.role === 'tool' || message.role === 'function';
  const keys = Object.keys(message).filter(
    (key) => keep.includes(key) || !(messageKeys.includes(key) || (key === 'name' && isTool)),
  );
  const extras: Record<string, unknown> = {};
  for (const key of keys) {
    const value = message[key];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue;
    losses.add(
      'kept',
      `message-${key}`,
      `${where}.${key}`,
      'Messages have no such field here. It is kept in the metadata.',
    );
    extras[key] = value;
  }
  return extras;
}
