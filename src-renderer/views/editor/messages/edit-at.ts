import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { partsOf } from '../../../../src-core/contract/message-texts.ts';
import type { MessagePart } from '../../../../src-core/contract/messages.ts';
import { longestFileName } from '../../../../src-core/contract/part-rules.ts';
import { firstCharacters } from '../../../../src-core/contract/text-length.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import { insertPart } from '../../../live/drafts/edit-parts.ts';
import { partKeysOf } from '../../../live/drafts/part-keys.ts';
import { type AddedFile, accepted, type MediaKind } from '../../../live/media/add-file.ts';
import { addFiles } from '../../../live/media/pending-files.ts';

/** Changes a message wherever it is by now; does nothing when it is gone. */
export function editAt(
  handle: DraftHandle,
  messageKey: string,
  change: (content: PromptContent, index: number) => PromptContent,
): void {
  const index = handle.store.getState().messageKeys.indexOf(messageKey);
  if (index >= 0) handle.edit((content) => change(content, index));
}

/** Puts a part at the end of a message; returns its key, null when the message is gone. */
export function appendPart(handle: DraftHandle, messageKey: string, part: MessagePart): string | null {
  editAt(handle, messageKey, (content, index) => insertPart(content, index, countOf(content, index), part));
  const { content, messageKeys } = handle.store.getState();
  const message = content.messages[messageKeys.indexOf(messageKey)];
  return message === undefined ? null : (partKeysOf(handle, messageKey, message).at(-1) ?? null);
}

/** Adds files to a message, each as soon as the workspace has its bytes. */
export function appendFiles(
  handle: DraftHandle,
  messageKey: string,
  files: readonly File[],
  kind: MediaKind | null,
): Promise<void> {
  return addFiles(messageKey, files, kind, (added, name) => appendPart(handle, messageKey, partOf(added, name)));
}

/** Asks a person for files; nothing when they choose none. */
export function chooseFiles(kind: MediaKind, isMany: boolean, done: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accepted[kind];
  input.multiple = isMany;
  input.addEventListener('change', () => done([...(input.files ?? [])]), { once: true });
  input.click();
}

function partOf({ kind, blob: { hash, mediaType } }: AddedFile, name: string): MessagePart {
  return { type: kind, hash, mediaType, ...(name !== '' && { name: firstCharacters(name, longestFileName) }) };
}

function countOf({ messages }: PromptContent, index: number): number {
  const message = messages[index];
  return message === undefined ? 0 : partsOf(message).length;
}
