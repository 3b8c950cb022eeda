import { blobsOf, deleteUnusedBlobs } from '../../blobs/unused-blobs.ts';
import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { AppError } from '../../scope/errors.ts';
import { deleteUnusedContents } from '../stored/contents.ts';
import { requirePrompt } from '../stored/prompt-rows.ts';

/** Deletes a trashed prompt for good, with its versions, their contents and history; its runs stay, with what they ran. */
export async function purgePrompt(core: LibraryCore, trx: Database, id: string): Promise<void> {
  const row = await requirePrompt(trx, id);
  if (row.status !== 'trashed')
    throw new AppError('invalid', `"${row.name}" is not in the trash; only what is there can be deleted for good.`);
  const versions = await trx
    .selectFrom('versions')
    .select(['id', 'content_hash'])
    .where('prompt_id', '=', id)
    .orderBy('number', 'desc')
    .execute();
  const contentHashes = versions.map((version) => version.content_hash);
  const blobs = await blobsOf(trx, { promptIds: [id], contentHashes });
  await core.search.remove(trx, 'prompt', [id]);
  await core.search.remove(
    trx,
    'version',
    versions.map((version) => version.id),
  );
  for (const table of ['drafts', 'draft_entries', 'labels', 'label_moves', 'prompt_changes', 'former_names'] as const) {
    await trx.deleteFrom(table).where('prompt_id', '=', id).execute();
  }
  // Newest first: a version's parents are older than itself.
  for (const version of versions) await trx.deleteFrom('versions').where('id', '=', version.id).execute();
  await trx.deleteFrom('prompts').where('id', '=', id).execute();
  await deleteUnusedContents(trx, contentHashes);
  await deleteUnusedBlobs(trx, blobs);
}
