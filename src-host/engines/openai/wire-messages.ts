import { isMedia, sourceOf } from '../../../src-core/contract/message-texts.ts';
import type { RenderedMedia, RenderedPart } from '../../../src-core/contract/messages.ts';
import type { Json, JsonObject } from '../../../src-core/contract/shared.ts';
import type { ChatMessage, GenerateRequest, StoredBlob } from '../../../src-core/ports.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { type CallIds, createCallIds } from './call-ids.ts';

type Blobs = ReadonlyMap<string, StoredBlob>;

/** The messages as OpenAI's chat completions take them: calls beside the content, each result as a message of its own. */
export function wireMessages({
  messages,
  blobs = new Map(),
}: Pick<GenerateRequest, 'messages' | 'blobs'>): JsonObject[] {
  const ids = createCallIds(messages);
  return messages.flatMap(({ role, content }, index) =>
    typeof content === 'string' ? [{ role, content }] : wireMessage(role, content, index, ids, blobs),
  );
}

/** What kinds of media a request has, in the words of people: `an image`. */
export function mediaIn(messages: readonly ChatMessage[]): readonly ('image' | 'audio' | 'file')[] {
  const types = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.filter(isMedia)));
  return [...new Set(types.map(({ type }) => type))];
}

function wireMessage(
  role: string,
  parts: readonly RenderedPart[],
  index: number,
  ids: CallIds,
  blobs: Blobs,
): JsonObject[] {
  // Servers read the arguments as JSON, which an empty text is not.
  const calls = parts
    .filter((part) => part.type === 'tool_call')
    .map((call) => ({
      id: ids.ofCall(call),
      type: 'function',
      function: { name: call.name, arguments: call.arguments.trim() === '' ? '{}' : call.arguments },
    }));
  const results = parts
    .filter((part) => part.type === 'tool_result')
    .map((result) => ({
      role: 'tool',
      tool_call_id: ids.ofResult(result, index),
      ...(result.name !== undefined && { name: result.name }),
      content: result.content,
    }));
  const content = parts.flatMap((part) => wirePart(part, blobs));
  if (content.length === 0 && calls.length === 0) return results;
  return [{ role, content: contentOf(content), ...(calls.length > 0 && { tool_calls: calls }) }, ...results];
}

/** No part is no content, and one text is a text: some endpoints take nothing else beside calls. */
function contentOf(content: readonly JsonObject[]): Json {
  const [first, second] = content;
  if (first === undefined) return null;
  return second === undefined && first.type === 'text' ? (first.text ?? '') : [...content];
}

function wirePart(part: RenderedPart, blobs: Blobs): JsonObject[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'image':
      return [
        { type: 'image_url', image_url: { url: addressOf(part, blobs), ...(part.detail && { detail: part.detail }) } },
      ];
    case 'audio':
      return [audioOf(part, blobs)];
    case 'file':
      return [{ type: 'file', file: { filename: fileNameOf(part, blobs), file_data: addressOf(part, blobs) } }];
    default:
      return [];
  }
}

function audioOf(part: RenderedMedia, blobs: Blobs): JsonObject {
  // OpenAI itself takes bytes only; several other servers take addresses under this name.
  if (part.url !== undefined) return { type: 'audio_url', audio_url: { url: part.url } };
  const blob = blobOf(part, blobs);
  return { type: 'input_audio', input_audio: { data: base64(blob), format: audioFormats[blob.mediaType] ?? 'wav' } };
}

const audioFormats: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg',
  'audio/mp4': 'm4a',
};

function addressOf(part: RenderedMedia, blobs: Blobs): string {
  const source = sourceOf(part);
  if (source.kind === 'url') return source.url;
  const blob = blobOf(part, blobs);
  return `data:${blob.mediaType};base64,${base64(blob)}`;
}

function fileNameOf(part: RenderedMedia, blobs: Blobs): string {
  if (part.name !== undefined) return part.name;
  const mediaType = part.mediaType ?? (part.hash === undefined ? undefined : blobOf(part, blobs).mediaType);
  return mediaType === 'application/pdf' ? 'file.pdf' : 'file';
}

function blobOf({ type, hash = '' }: RenderedMedia, blobs: Blobs): StoredBlob {
  const blob = blobs.get(hash);
  if (blob === undefined)
    throw new AppError('invalid', `The bytes of the ${type} ${hash.slice(0, 12)}… did not come with the request.`, {
      hash,
    });
  return blob;
}

function base64({ bytes }: StoredBlob): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
