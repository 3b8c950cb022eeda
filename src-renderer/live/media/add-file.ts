import { fitsPart, mediaTypeOf } from '../../../src-core/blobs/media-types.ts';
import { type BlobSummary, largestBlob } from '../../../src-core/contract/blobs.ts';
import type { MediaPart } from '../../../src-core/contract/messages.ts';
import { client } from '../api.ts';
import { knowBlob } from './blob-facts.ts';

export type MediaKind = MediaPart['type'];

/** What the picker of each kind offers first. */
export const accepted: Readonly<Record<MediaKind, string>> = {
  image: 'image/png,image/jpeg,image/gif,image/webp',
  audio: 'audio/mpeg,audio/wav,audio/ogg,audio/mp4,.mp3,.wav,.ogg,.m4a',
  file: '',
};

const known: Readonly<Record<MediaKind, string>> = {
  image: 'PNG, JPEG, GIF and WebP',
  audio: 'MP3, WAV, Ogg and M4A',
  file: '',
};

/** What the bytes of a file are; a file that is no known image or audio is a file. */
export interface AddedFile {
  readonly kind: MediaKind;
  readonly blob: BlobSummary;
}

/** Why a file cannot be added; its message is for people. */
export class UnfitFile extends Error {}

/**
 * Stores the bytes of a file in the workspace. `kind` null takes what the bytes show themselves to be. `onProgress` gets the
 * fraction that has been read.
 */
export async function addFile(
  file: File,
  kind: MediaKind | null,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<AddedFile> {
  const called = `“${file.name}”`;
  if (file.size === 0) throw new UnfitFile(`${called} is empty; a file has at least one byte.`);
  if (file.size > largestBlob)
    throw new UnfitFile(
      `${called} has ${inMegabytes(file.size)}; at most ${inMegabytes(largestBlob)} can be kept here. Make it smaller, or give its web address.`,
    );
  const url = await readDataUrl(file, onProgress, signal);
  const data = url.slice(url.indexOf(',') + 1);
  const mediaType = typeOf(data, file.type);
  const found = (['image', 'audio'] as const).find((one) => fitsPart(one, mediaType)) ?? 'file';
  if (kind !== null && kind !== found && kind !== 'file')
    throw new UnfitFile(
      `${called} is no ${kind} of a known type; its bytes are ${mediaType}. Known are ${known[kind]}. Add it as ${found === 'file' ? 'a file' : `an ${found}`} instead.`,
    );
  const blob = await client.blobs.add({ data, mediaType }, { signal });
  knowBlob(blob);
  return { kind: kind ?? found, blob };
}

/** As the host counts them. */
function inMegabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1).replace(/\.0$/, '')} MB`;
}

/** What the bytes show themselves to be; what a name claims of other bytes does not count. */
function typeOf(base64: string, claimed: string): string {
  const head = Uint8Array.from(atob(base64.slice(0, 64)), (character) => character.charCodeAt(0));
  const unknown = 'application/octet-stream';
  try {
    return mediaTypeOf(head, /^[\w.+-]+\/[\w.+-]+$/.test(claimed) ? claimed : unknown);
  } catch {
    return unknown;
  }
}

/** Encodes while it reads, which no other part of a browser does without holding up the window. */
export function readDataUrl(file: File, onProgress: (fraction: number) => void, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onprogress = ({ loaded, total }) => onProgress(loaded / Math.max(total, 1));
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new UnfitFile(`“${file.name}” could not be read: ${reader.error?.message ?? ''}`));
    reader.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => reader.abort(), { once: true });
    reader.readAsDataURL(file);
  });
}
