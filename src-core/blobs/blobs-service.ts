import type { contract } from '../contract/index.ts';
import { AppError } from '../scope/errors.ts';
import type { ServiceOf } from '../scope/service.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { putBlob, readBlob } from './stored-blobs.ts';

export type BlobsService = ServiceOf<typeof contract.blobs>;

/** Bytes go through here alone: no event, no log and no list has any. */
export function createBlobsService(): BlobsService {
  return {
    add({ data, mediaType }, scope) {
      const bytes = decodeBase64(data);
      if (bytes === null) throw new AppError('invalid', 'The data of a blob must be base64, as in "iVBORw0KGgo=".');
      return putBlob(scope, { bytes, mediaType });
    },
    async get({ hash }, scope) {
      const blob = await readBlob(scope, hash);
      if (blob === null)
        throw new AppError('not_found', `There is no blob ${hash.slice(0, 12)}… in this workspace.`, { hash });
      return { hash, size: blob.bytes.length, mediaType: blob.mediaType, data: encodeBase64(blob.bytes) };
    },
  };
}
