import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type BlobSummary, largestBlob } from '../contract/blobs.ts';
import { isMedia } from '../contract/message-texts.ts';
import type { ChatMessage, StoredBlob } from '../ports.ts';
import { AppError } from '../scope/errors.ts';
import type { Reader, Session, Writer } from '../scope/scope.ts';
import { fitsPart, mediaTypeOf } from './media-types.ts';

/** Bytes of all blobs of one run together: they are in memory while it runs. */
const largestRun = 64 * 1024 * 1024;

/** Stores bytes under their hash, once. Throws `invalid` for too many, for none, and for what is not what it claims to be. */
export async function putBlob(
  scope: Writer,
  blob: { readonly bytes: Uint8Array; readonly mediaType: string },
): Promise<BlobSummary> {
  const { bytes } = blob;
  if (bytes.length === 0) throw new AppError('invalid', 'A blob has at least one byte, and this has none.');
  if (bytes.length > largestBlob) {
    const message = `A blob has at most ${inMegabytes(largestBlob)}, and this has ${bytes.length.toLocaleString('en-US')} bytes.`;
    throw new AppError('invalid', message, { size: bytes.length, most: largestBlob });
  }
  const mediaType = mediaTypeOf(bytes, blob.mediaType);
  const hash = bytesToHex(sha256(bytes));
  await scope.db
    .insertInto('blobs')
    .values({ hash, size: bytes.length, media_type: mediaType, bytes, created_at: scope.now })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
  const stored = await scope.db
    .selectFrom('blobs')
    .select(['hash', 'size', 'media_type'])
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  return { hash, size: Number(stored.size), mediaType: stored.media_type };
}

/** The bytes under a hash; null when the workspace has none. */
export async function readBlob({ db }: Reader, hash: string): Promise<StoredBlob | null> {
  const row = await db.selectFrom('blobs').select(['bytes', 'media_type']).where('hash', '=', hash).executeTakeFirst();
  return row === undefined ? null : { bytes: row.bytes, mediaType: row.media_type };
}

/** What the hashes in messages stand for. Throws `invalid` when one is not there, or is no image or audio that it is sent as. */
export async function loadBlobs(
  session: Session,
  messages: readonly ChatMessage[],
): Promise<ReadonlyMap<string, StoredBlob>> {
  const blobs = new Map<string, StoredBlob>();
  let size = 0;
  for (const { content } of messages) {
    if (typeof content === 'string') continue;
    for (const part of content) {
      if (!isMedia(part) || part.hash === undefined) continue;
      const { hash, type } = part;
      const blob = blobs.get(hash) ?? (await session.read((scope) => readBlob(scope, hash)));
      if (blob === null) throw notThere(type, hash);
      if (!fitsPart(type, blob.mediaType)) throw unfit(type, blob.mediaType);
      if (!blobs.has(hash)) size += blob.bytes.length;
      if (size > largestRun) {
        const message = `The images, audio and files of one run have at most ${inMegabytes(largestRun)} together; use addresses, or fewer.`;
        throw new AppError('invalid', message, { most: largestRun });
      }
      blobs.set(hash, blob);
    }
  }
  return blobs;
}

function notThere(type: string, hash: string): AppError {
  const message = `The bytes of the ${type} ${hash.slice(0, 12)}… are not in this workspace; add the file again, or take it out of the message.`;
  return new AppError('invalid', message, { hash });
}

function unfit(type: 'image' | 'audio' | 'file', mediaType: string): AppError {
  const taken = type === 'image' ? 'PNG, JPEG, GIF and WebP' : 'MP3, WAV, Ogg and M4A';
  return new AppError(
    'invalid',
    `The ${type} of a message is stored as ${mediaType}; ${taken} can be sent as ${type}, anything as a file.`,
  );
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
}
