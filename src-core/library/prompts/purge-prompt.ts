import { blobsOf, deleteUnusedBlobs } from '../../blobs/unused-blobs.ts';
import { AppError } from '../../scope/errors.ts';
import type { Writer } from '../../scope/scope.ts';
import { deleteUnusedContents } from '../stored/contents.ts';
import { requirePrompt } from '../stored/prompt-rows.ts';

/** Deletes a trashed prompt for good, with its versions, their contents and history; its runs stay, with what they ran. */
export async function purgePrompt(scope: Writer, id: string): Promise<void> {
  const row = await requirePrompt(scope, id);
  if (row.status !== 'trashed')
    throw new AppError('invalid', `"${row.name}" is not in the trash; only what is there can be deleted for good.`);
  const versions = await scope.db
    .selectFrom('versions')
    .select(['id', 'content_hash'])
    .where('prompt_id', '=', id)
    .orderBy('depth', 'desc')
    .execute();
  const contentHashes = versions.map((version) => version.content_hash);
  const blobs = await blobsOf(scope, { promptIds: [id], contentHashes });
  await scope.search.remove('prompt', [id]);
  await scope.search.remove(
    'version',
    versions.map((version) => version.id),
  );
  const tables = [
    'drafts',
    'draft_entries',
    'labels',
    'label_moves',
    'prompt_changes',
    'former_names',
    'prompt_tags',
  ] as const;
  for (const table of tables) {
    await scope.db.deleteFrom(table).where('prompt_id', '=', id).execute();
  }
  // Newest first: a version's parents are older than itself.
  for (const version of versions) await scope.db.deleteFrom('versions').where('id', '=', version.id).execute();
  await scope.db.deleteFrom('prompts').where('id', '=', id).execute();
  await deleteUnusedContents(scope, contentHashes);
  await deleteUnusedBlobs(scope, blobs);
  scope.changed('prompts', id, 'removed');
  scope.audit({ action: 'prompt.purge', subject: id, details: { versions: versions.length } });
}
