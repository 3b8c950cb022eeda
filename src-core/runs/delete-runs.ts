import { blobsOf, deleteUnusedBlobs } from '../blobs/unused-blobs.ts';
import { deleteUnusedContents } from '../library/stored/contents.ts';
import type { Writer } from '../scope/scope.ts';

/** Deletes runs with their texts, what the search knows of them, and contents that nothing else has. */
export async function deleteRuns(scope: Writer, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const contents = await scope.db.selectFrom('runs').select('content_hash').distinct().where('id', 'in', ids).execute();
  const contentHashes = contents.map((row) => row.content_hash);
  const blobs = await blobsOf(scope, { runIds: ids, contentHashes });
  await scope.search.remove('run', ids);
  await scope.db.deleteFrom('runs').where('id', 'in', ids).execute();
  await deleteUnusedContents(scope, contentHashes);
  await deleteUnusedBlobs(scope, blobs);
}
