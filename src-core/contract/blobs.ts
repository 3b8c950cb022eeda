import { z } from 'zod';
import { blobHashSchema, mediaTypeSchema } from './messages.ts';
import { reads, writes } from './operation.ts';

/** Bytes of one blob. */
export const largestBlob = 20 * 1024 * 1024;

/** Characters of base64 for the largest blob, and some more, so that a little too much is told in our words. */
const longestBase64 = Math.ceil((largestBlob * 4) / 3) + 1_000_000;

export const blobSummarySchema = z.object({
  /** Hex SHA-256 of the bytes. */
  hash: blobHashSchema,
  /** Bytes. */
  size: z.number().int(),
  mediaType: mediaTypeSchema,
});
export type BlobSummary = z.infer<typeof blobSummarySchema>;

/** Images, audio and files that messages refer to by hash. */
export const blobs = {
  /** Stores bytes once, however often they are added. What the bytes show themselves to be wins over the given type. */
  add: writes()
    .input(
      z.object({
        /** Base64. */
        data: z.string().max(longestBase64, { error: `A blob has at most ${largestBlob / 1024 / 1024} MB.` }),
        mediaType: mediaTypeSchema.default('application/octet-stream'),
      }),
    )
    .output(blobSummarySchema),
  get: reads()
    .input(z.object({ hash: blobHashSchema }))
    .output(blobSummarySchema.extend({ data: z.string() })),
};
