import type { MessagePart } from '../../contract/messages.ts';
import { longestCallId, longestToolName } from '../../contract/part-rules.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import type { KeptMessages } from './kept-messages.ts';
import { type RequestMedia, readMedia } from './media.ts';

/** How the messages of one request are read. */
export interface Reading {
  /** The template that prints a text of the file. */
  readonly text: (text: string) => string;
  readonly losses: Losses;
  readonly kept: KeptMessages;
}

export interface ReadContent {
  readonly parts: readonly MessagePart[];
  /** Some part had more than ours say, and none had bytes: the content of the file is worth keeping. */
  readonly keeps: boolean;
  /** The parts of the file that results of tools were, where these are worth keeping. */
  readonly results: ReadonlyMap<MessagePart, unknown>;
}

type Raw = Readonly<Record<string, unknown>>;

interface ReadPart {
  readonly parts: readonly MessagePart[];
  readonly keeps: boolean;
  /** It had bytes, which are never kept. */
  readonly bytes?: boolean;
}

/** Keys that belong to a part itself; any other is kept. */
const partKeys = new Set([
  ...['type', 'text', 'refusal', 'image_url', 'input_audio', 'audio_url', 'video_url', 'file', 'file_id', 'file_url'],
  ...[
    'file_data',
    'filename',
    'detail',
    'source',
    'title',
    'id',
    'name',
    'input',
    'tool_use_id',
    'content',
    'is_error',
  ],
  ...['logprobs', 'mime_type', 'thinking', 'signature', 'data', 'summary', 'encrypted_content'],
]);

/** Parts of OpenAI's two request formats and of Anthropic's, whose types do not collide. */
export function readContent(content: unknown, where: string, reading: Reading): ReadContent {
  if (content === undefined || content === null) return { parts: [], keeps: false, results: new Map() };
  if (typeof content === 'string') return { parts: [textPart(content, reading)], keeps: false, results: new Map() };
  if (!Array.isArray(content) && !isMapping(content)) {
    reading.losses.add('approximated', 'content', where, 'It is neither a text nor a list of parts; it became a text.');
    return { parts: [textPart(String(content), reading)], keeps: false, results: new Map() };
  }
  const list: readonly unknown[] = Array.isArray(content) ? content : [content];
  const read = list.map((part, index) =>
    readPart(part, Array.isArray(content) ? `${where}[${index}]` : where, reading),
  );
  return {
    parts: read.flatMap(({ parts }) => parts),
    keeps: read.some(({ keeps }) => keeps) && !read.some(({ bytes }) => bytes === true),
    results: new Map(
      read.flatMap(({ parts: [part], keeps, bytes }, index) =>
        part?.type === 'tool_result' && keeps && bytes !== true ? [[part, list[index]]] : [],
      ),
    ),
  };
}

function readPart(part: unknown, where: string, reading: Reading): ReadPart {
  const { losses } = reading;
  if (typeof part === 'string') return { parts: [textPart(part, reading)], keeps: false };
  if (!isMapping(part)) {
    losses.add('dropped', 'part', where, 'It is no part of a message.');
    return { parts: [], keeps: false };
  }
  if (Object.hasOwn(part, 'cache_control') && part.cache_control !== null)
    losses.add('kept', 'cache-control', where, 'Only its provider knows it. It is kept in the metadata.');
  const extra = Object.keys(part).filter((key) => !partKeys.has(key) && key !== 'cache_control' && !isEmpty(part[key]));
  for (const key of extra)
    losses.add('kept', `part-${key}`, `${where}.${key}`, 'It has no field here. It is kept in the metadata.');
  const read = readKnown(part, where, reading);
  return { ...read, keeps: read.keeps || extra.length > 0 || !isEmpty(part.cache_control) };
}

function readKnown(part: Raw, where: string, reading: Reading): ReadPart {
  const type = typeof part.type === 'string' ? part.type : part.type === undefined ? 'text' : 'part';
  const media = mediaOf(part);
  if (media !== null) return mediaPart(media, where, reading);
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      if (typeof part.text === 'string') return { parts: [textPart(part.text, reading)], keeps: false };
      break;
    case 'refusal':
      if (typeof part.refusal === 'string') return { parts: [textPart(part.refusal, reading)], keeps: true };
      break;
    case 'document':
      return documentPart(part, where, reading);
    case 'thinking':
    case 'redacted_thinking':
    case 'reasoning':
      reading.losses.add(
        'kept',
        'thinking',
        where,
        'Only the model that thought it takes it back. It is kept in the metadata.',
      );
      return { parts: [], keeps: true };
    case 'tool_use':
      if (typeof part.name === 'string' && part.name !== '')
        return {
          parts: [callPart({ id: part.id, name: part.name, input: part.input ?? {} }, where, reading)],
          keeps: false,
        };
      break;
    case 'tool_result':
      return resultPart(part, where, reading);
  }
  reading.losses.add(
    'kept',
    `part:${type.slice(0, 100)}`,
    where,
    'Messages have no such part here. It is kept in the metadata.',
  );
  return { parts: [textPart(`[${type.slice(0, 100)}]`, reading)], keeps: true };
}

function mediaOf(part: Raw): RequestMedia | null {
  const inner = (key: string): Raw => (isMapping(part[key]) ? part[key] : {});
  switch (part.type) {
    case 'image_url':
      return isMapping(part.image_url)
        ? { type: 'image', url: part.image_url.url, detail: part.image_url.detail }
        : { type: 'image', url: part.image_url, detail: part.detail };
    case 'input_image':
      return { type: 'image', url: part.image_url, fileId: part.file_id, detail: part.detail };
    case 'image':
      return sourceOf('image', part);
    case 'document': {
      const { type } = inner('source');
      return type === 'base64' || type === 'url' || type === 'file' ? sourceOf('file', part) : null;
    }
    case 'input_audio': {
      const { data, format } = inner('input_audio');
      return { type: 'audio', data, mediaType: typeof format === 'string' ? `audio/${format}` : undefined };
    }
    case 'audio_url':
      return { type: 'audio', url: isMapping(part.audio_url) ? part.audio_url.url : part.audio_url };
    case 'video_url':
      return { type: 'file', url: isMapping(part.video_url) ? part.video_url.url : part.video_url };
    case 'file':
    case 'input_file': {
      const file = part.type === 'file' && isMapping(part.file) ? part.file : part;
      return { type: 'file', url: file.file_url, data: file.file_data, fileId: file.file_id, name: file.filename };
    }
    default:
      return null;
  }
}

function sourceOf(type: 'image' | 'file', part: Raw): RequestMedia {
  const source: Raw = isMapping(part.source) ? part.source : {};
  return {
    type,
    url: source.url ?? (isMapping(part.image_url) ? part.image_url.url : part.image_url),
    data: source.data,
    fileId: source.file_id,
    mediaType: source.media_type,
    name: part.title,
  };
}

function mediaPart(media: RequestMedia, where: string, reading: Reading): ReadPart {
  const read = readMedia(media, where, reading.losses);
  if (read.complete) return { parts: [read.part], keeps: false };
  return { parts: [textPart(read.standIn, reading)], keeps: read.small, bytes: !read.small };
}

/** Documents that are texts themselves; others are files. */
function documentPart(part: Raw, where: string, reading: Reading): ReadPart {
  const source: Raw = isMapping(part.source) ? part.source : {};
  const texts =
    source.type === 'content'
      ? readContent(source.content, `${where}.source.content`, reading).parts
      : typeof source.data === 'string'
        ? [textPart(source.data, reading)]
        : [textPart('[document]', reading)];
  reading.losses.add('approximated', 'document', where, 'Its text became a text of the message.');
  return { parts: texts, keeps: true };
}

function resultPart(part: Raw, where: string, reading: Reading): ReadPart {
  const { parts, keeps } = readContent(part.content, `${where}.content`, reading);
  reading.losses.add('approximated', 'tool-call', where, 'The result became a part of a message of the role tool.');
  if (part.is_error === true)
    reading.losses.add(
      'kept',
      'tool-error',
      where,
      'Results of tools do not say here that they failed. It is kept in the metadata.',
    );
  const result: MessagePart = { type: 'tool_result', id: idOf(part.tool_use_id), content: textsOf(parts) };
  return { parts: [result], keeps: keeps || part.is_error === true };
}

/** A call of a tool; its arguments come as JSON text or as a value. */
export function callPart(
  call: { readonly id: unknown; readonly name: string; readonly input: unknown },
  where: string,
  { text, losses }: Reading,
): MessagePart {
  losses.add('approximated', 'tool-call', where, 'It became a part of the message.');
  const written = typeof call.input === 'string' ? call.input : JSON.stringify(call.input ?? {});
  return { type: 'tool_call', id: idOf(call.id), name: call.name.slice(0, longestToolName), arguments: text(written) };
}

export function textPart(text: string, reading: Reading): MessagePart {
  return { type: 'text', text: reading.text(text) };
}

/** The texts of parts with a blank line between them; empty ones are left out. */
export function textsOf(parts: readonly MessagePart[]): string {
  return parts.flatMap((part) => (part.type === 'text' && part.text !== '' ? [part.text] : [])).join('\n\n');
}

export function idOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, longestCallId) : '';
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
