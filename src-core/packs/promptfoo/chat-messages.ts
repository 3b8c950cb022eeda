import { isMediaType, mediaUrlProblem } from '../../contract/media-address.ts';
import type { MessagePart, MessageTemplateInput, Role } from '../../contract/messages.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { historyKey } from './shielded-templates.ts';

type Mapping = Readonly<Record<string, unknown>>;

const roleNames: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
};
const known = new Set([
  'role',
  'content',
  'tool_calls',
  'tool_call_id',
  'type',
  'function_call',
  'parts',
  'placeholder',
]);
/** Of one message, as JSON. */
const longestKept = 16 * 1024;

/** Whether a value is a list of messages, or an object with one. */
export function isChat(value: unknown): boolean {
  const list = listOf(value);
  const isMessage = (item: unknown) => isMapping(item) && (typeof item.role === 'string' || historyKey in item);
  return list?.some(isMessage) === true && list.every(isEntry);
}

function listOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  return isMapping(value) && Array.isArray(value.messages) ? value.messages : null;
}

function isEntry(value: unknown): boolean {
  if (typeof value === 'string') return printedName(value) !== null;
  return isMapping(value) && ['role', historyKey, 'type'].some((key) => typeof value[key] === 'string');
}

/** Messages of a chat in the spelling of OpenAI or Anthropic; their texts stay as they are. */
export function readChat(value: unknown, where: string, losses: Losses): readonly MessageTemplateInput[] {
  return (listOf(value) ?? []).flatMap((item): readonly MessageTemplateInput[] => {
    if (typeof item === 'string') return [history(printedName(item)!, where, losses)];
    if (!isMapping(item)) return [];
    const looped = item[historyKey];
    if (typeof looped === 'string') return [history(looped, where, losses)];
    return [messageOf(item, where, losses)];
  });
}

function history(name: string, where: string, losses: Losses): MessageTemplateInput {
  losses.add('approximated', 'history', where, `The messages of "${name}" stand here as a placeholder.`);
  return { placeholder: name, optional: true };
}

function messageOf(item: Mapping, where: string, losses: Losses): MessageTemplateInput {
  const parts = [...partsOf(item.content ?? item.parts, where, losses), ...callsOf(item, where, losses)];
  const extra = extraOf(item, where, losses);
  const role = roleOf(item, where, losses);
  const answers = typeof item.tool_call_id === 'string' || role === 'tool';
  const content = answers ? [resultOf(item, parts)] : plainest(parts);
  return { role, content: content as string, ...(extra !== null && { extra }) };
}

function roleOf(item: Mapping, where: string, losses: Losses): Role {
  if (item.type === 'function_call') return 'assistant';
  if (item.type === 'function_call_output') return 'tool';
  const name = typeof item.role === 'string' ? item.role : 'user';
  const role = Object.hasOwn(roleNames, name.toLowerCase()) ? roleNames[name.toLowerCase()] : undefined;
  if (role !== undefined) return role;
  losses.add('approximated', 'role', where, `The role "${name}" is none of ours; the message is of the user.`);
  return 'user';
}

/** One text stays a text. */
function plainest(parts: readonly MessagePart[]): string | readonly MessagePart[] {
  const [first, second] = parts;
  if (first === undefined) return '';
  return second === undefined && first.type === 'text' ? first.text : parts;
}

function resultOf(item: Mapping, parts: readonly MessagePart[]): MessagePart {
  const id = textIn(item, 'tool_call_id') ?? textIn(item, 'call_id') ?? '';
  const name = textIn(item, 'name');
  const [only] = parts;
  if (parts.length === 1 && only!.type === 'tool_result') return only!;
  const given = item.output ?? parts.map((part) => ('text' in part ? part.text : '')).join('\n\n');
  const content = typeof given === 'string' ? given : JSON.stringify(given);
  return { type: 'tool_result', id, ...(name !== undefined && { name }), content };
}

function callsOf(item: Mapping, where: string, losses: Losses): readonly MessagePart[] {
  const list = Array.isArray(item.tool_calls) ? item.tool_calls : [];
  const single = item.type === 'function_call' ? [item] : isMapping(item.function_call) ? [item.function_call] : [];
  return [...list, ...single].filter(isMapping).flatMap((call): readonly MessagePart[] => {
    const target = isMapping(call.function) ? call.function : call;
    const name = textIn(target, 'name');
    if (name === undefined) return [];
    losses.add('approximated', 'tool-call', where, 'It became a part of the message.');
    return [toolCall(textIn(call, 'id') ?? textIn(call, 'call_id') ?? '', name, target.arguments)];
  });
}

function toolCall(id: string, name: string, given: unknown): MessagePart {
  return { type: 'tool_call', id, name, arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}) };
}

function partsOf(content: unknown, where: string, losses: Losses): readonly MessagePart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content.replace(/\r?\n$/, '') }];
  if (!Array.isArray(content)) return [{ type: 'text', text: JSON.stringify(content) }];
  return content.flatMap((part): readonly MessagePart[] => {
    if (typeof part === 'string') return [{ type: 'text', text: part }];
    return isMapping(part) ? partOf(part, where, losses) : [];
  });
}

function partOf(part: Mapping, where: string, losses: Losses): readonly MessagePart[] {
  switch (part.type) {
    case undefined:
    case 'text':
    case 'input_text':
    case 'output_text':
      return typeof part.text === 'string' ? [{ type: 'text', text: part.text }] : [];
    case 'image_url':
    case 'input_image': {
      const image = isMapping(part.image_url) ? part.image_url : part;
      const url = textIn(image, 'url') ?? textIn(part, 'image_url');
      const detail = textIn(image, 'detail');
      return mediaPart('image', url, { ...(detail !== undefined && { detail }) }, where, losses);
    }
    case 'image':
    case 'document': {
      const source = isMapping(part.source) ? part.source : part;
      const kind = part.type === 'image' ? 'image' : 'file';
      const mediaType = textIn(source, 'media_type');
      const facts = { ...(mediaType !== undefined && isMediaType(mediaType) && { mediaType }) };
      return mediaPart(kind, textIn(source, 'url') ?? textIn(source, 'data'), facts, where, losses);
    }
    case 'input_audio': {
      const audio = isMapping(part.input_audio) ? part.input_audio : part;
      const format = textIn(audio, 'format');
      const facts = { ...(format !== undefined && /^[a-z0-9]+$/.test(format) && { mediaType: `audio/${format}` }) };
      return mediaPart('audio', textIn(audio, 'data'), facts, where, losses);
    }
    case 'file':
    case 'input_file': {
      const file = isMapping(part.file) ? part.file : part;
      const name = textIn(file, 'filename')?.slice(0, 200);
      const url = textIn(file, 'file_url') ?? textIn(file, 'file_data');
      return mediaPart('file', url, { ...(name !== undefined && { name }) }, where, losses);
    }
    case 'tool_use':
      losses.add('approximated', 'tool-call', where, 'It became a part of the message.');
      return [toolCall(textIn(part, 'id') ?? '', textIn(part, 'name') ?? 'tool', part.input)];
    case 'tool_result': {
      const inner = partsOf(part.content, where, losses).map((each) => ('text' in each ? each.text : ''));
      losses.add('approximated', 'tool-call', where, 'It became a part of the message.');
      return [{ type: 'tool_result', id: textIn(part, 'tool_use_id') ?? '', content: inner.join('\n\n') }];
    }
    default:
      losses.add('dropped', 'part', where, `A part of the type "${String(part.type).slice(0, 40)}" has no place here.`);
      return [];
  }
}

type MediaFacts = { readonly mediaType?: string; readonly name?: string; readonly detail?: string };

function mediaPart(
  type: 'image' | 'audio' | 'file',
  url: string | undefined,
  facts: MediaFacts,
  where: string,
  losses: Losses,
): readonly MessagePart[] {
  const data = /^data:([^;,]*)[^,]*,([\s\S]*)$/.exec(url ?? '');
  const input = printedName((data?.[2] ?? url ?? '').trim());
  const given = data?.[1] ?? '';
  const typed = given !== '' && isMediaType(given) ? { ...facts, mediaType: given } : facts;
  if (input !== null) {
    losses.add('approximated', 'media', input, 'It became a part of the message; the value is an address or a file.');
    return [{ type, input, ...typed }];
  }
  if (url !== undefined && data === null && /\{[{%]/.test(url)) {
    losses.add('approximated', 'media', url, 'An address with variables cannot be a part; it stands in the text.');
    return [{ type: 'text', text: `[${type}: ${url}]` }];
  }
  if (url !== undefined && mediaUrlProblem(url) === null) {
    losses.add('approximated', 'media', url, 'It became a part of the message.');
    return [{ type, url, ...facts }];
  }
  const bytes = Math.floor(((data?.[2] ?? url ?? '').length * 3) / 4);
  const of = typed.mediaType === undefined ? '' : ` of the type ${typed.mediaType}`;
  losses.add('dropped', 'media', where, `About ${bytes} bytes${of} stand in the file itself; add them as a file.`);
  return [];
}

/** The name that a text prints and nothing else; null for any other text. */
function printedName(text: string): string | null {
  return /^\{\{-?\s*([\p{L}_][\p{L}\p{N}_]*)\s*(?:\|\s*(?:dump|safe)\s*)?-?\}\}$/u.exec(text)?.[1] ?? null;
}

function extraOf(item: Mapping, where: string, losses: Losses): JsonObject | null {
  const rest = Object.entries(item).filter(([key, value]) => !known.has(key) && value !== undefined && value !== null);
  const others = rest.filter(
    ([key]) => item.type === undefined || !['id', 'call_id', 'name', 'arguments', 'output', 'status'].includes(key),
  );
  const extra = Object.fromEntries(
    others.filter(([key]) => key !== 'name' || roleNames[String(item.role)] !== 'tool'),
  ) as JsonObject;
  const keys = Object.keys(extra);
  if (keys.length === 0) return null;
  if (JSON.stringify(extra).length > longestKept || JSON.stringify(extra).split(/[[{]/).length > 30) {
    losses.add('dropped', 'message-key', where, 'A message keeps up to 16 KiB of keys that have no home here.');
    return null;
  }
  for (const key of keys)
    losses.add('kept', key === 'name' ? 'message-name' : 'message-key', where, `"${key}" is kept with the message.`);
  return extra;
}

function textIn(value: Mapping, key: string): string | undefined {
  return typeof value[key] === 'string' ? value[key] : undefined;
}
