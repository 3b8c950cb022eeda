import type { PromptContent } from '../../../src-core/contract/content.ts';
import { isMedia, isPlaceholder, partsOf } from '../../../src-core/contract/message-texts.ts';
import type { MediaPart, MessagePart, PlaceholderMessage, RoleMessage } from '../../../src-core/contract/messages.ts';

/** Where an image, an audio or a file comes from, as the editor writes it. */
export type SourceChoice =
  | { readonly url: string; readonly hash?: never; readonly input?: never }
  | { readonly hash: string; readonly url?: never; readonly input?: never }
  | { readonly input: string; readonly url?: never; readonly hash?: never };

/** A copy of the content with a part put into a message at a place; an empty text makes room for it. */
export function insertPart(content: PromptContent, message: number, at: number, part: MessagePart): PromptContent {
  return changeParts(content, message, (parts) => {
    const isEmpty = parts.length === 1 && isEmptyText(parts[0]!) && part.type !== 'text';
    return isEmpty ? [part] : parts.toSpliced(at, 0, part);
  });
}

/** A copy of the content without a part of a message. */
export function removePart(content: PromptContent, message: number, at: number): PromptContent {
  return changeParts(content, message, (parts) => parts.toSpliced(at, 1));
}

/** A copy of the content with a part of a message somewhere else in it. */
export function movePart(content: PromptContent, message: number, from: number, to: number): PromptContent {
  return changeParts(content, message, (parts) => {
    const part = parts[from];
    if (part === undefined || to < 0 || to >= parts.length || from === to) return parts;
    return parts.toSpliced(from, 1).toSpliced(to, 0, part);
  });
}

/** A copy of the content with a part of a message changed; a part that is not there stays away. */
export function changePart(
  content: PromptContent,
  message: number,
  at: number,
  change: (part: MessagePart) => MessagePart,
): PromptContent {
  return changeParts(content, message, (parts) => {
    const part = parts[at];
    const changed = part === undefined ? part : change(part);
    return changed === undefined || changed === part ? parts : parts.with(at, changed);
  });
}

/** An image, an audio or a file from elsewhere; name and so on stay, the type of other bytes does not. */
export function withSource(part: MediaPart, source: SourceChoice, mediaType?: string): MediaPart {
  const { url: _url, hash: _hash, input: _input, mediaType: known, ...others } = part;
  const type = mediaType ?? (source.hash === undefined ? known : undefined);
  return { ...others, ...source, ...(type !== undefined && { mediaType: type }) };
}

/** A copy of the content with a placeholder changed. */
export function changePlaceholder(
  content: PromptContent,
  index: number,
  change: { readonly placeholder?: string; readonly optional?: boolean },
): PromptContent {
  const message = content.messages[index];
  if (message === undefined || !isPlaceholder(message)) return content;
  const { optional, ...others } = { ...message, ...change };
  const changed: PlaceholderMessage = optional === true ? { ...others, optional } : others;
  return { ...content, messages: content.messages.with(index, changed) };
}

/** Names of the declared inputs that an image, an audio or a file can be taken from. */
export function sourceInputs({ inputs }: PromptContent): readonly string[] {
  return inputs.filter(({ type }) => type === 'string' || type === 'enum').map(({ name }) => name);
}

/** Hashes of all bytes that a content refers to. */
export function hashesIn({ messages }: Pick<PromptContent, 'messages'>): readonly string[] {
  const hashes = messages.flatMap((message) =>
    partsOf(message).flatMap((part) => (isMedia(part) && part.hash !== undefined ? [part.hash] : [])),
  );
  return [...new Set(hashes)];
}

function changeParts(
  content: PromptContent,
  index: number,
  change: (parts: readonly MessagePart[]) => readonly MessagePart[],
): PromptContent {
  const message = content.messages[index];
  if (message === undefined || isPlaceholder(message)) return content;
  const parts = partsOf(message);
  const changed = change(parts);
  if (changed === parts) return content;
  return { ...content, messages: content.messages.with(index, withParts(message, changed)) };
}

/** One text part alone is written as a text, which is the same and what everything else reads more easily. */
function withParts(message: RoleMessage, parts: readonly MessagePart[]): RoleMessage {
  const [first] = parts;
  if (first === undefined) return { ...message, content: '' };
  const isText = parts.length === 1 && first.type === 'text' && first.extra === undefined;
  return { ...message, content: isText ? first.text : [...parts] };
}

function isEmptyText(part: MessagePart): boolean {
  return part.type === 'text' && part.text === '' && part.extra === undefined;
}
