import { blobsOf, deleteUnusedBlobs } from '../blobs/unused-blobs.ts';
import { deleteUnusedContents } from '../library/stored/contents.ts';
import type { Database } from '../ports.ts';
import type { Core } from '../scope/core.ts';

/** Deletes runs with their texts, what the search knows of them, and contents that nothing else has. */
export async function deleteRuns(core: Pick<Core, 'search'>, trx: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const contents = await trx.selectFrom('runs').select('content_hash').distinct().where('id', 'in', ids).execute();
  const contentHashes = contents.map((row) => row.content_hash);
  const blobs = await blobsOf(trx, { runIds: ids, contentHashes });
  await core.search.remove(trx, 'run', ids);
  await trx.deleteFrom('runs').where('id', 'in', ids).execute();
  await deleteUnusedContents(trx, contentHashes);
  await deleteUnusedBlobs(trx, blobs);
}
