import { type BlamedMessage, createBlame, type VersionOrigin } from '../../content/diff/blame.ts';
import type { Reader } from '../../scope/scope.ts';
import type { Flag } from '../../tables/columns.ts';
import { createTurns } from '../../turns.ts';
import { requireVersion } from '../lookup/find-version.ts';
import { loadContent } from '../stored/contents.ts';

type Step = Omit<VersionOrigin, 'confirmed'> & { readonly hash: string; readonly confirmed: Flag };

/** Each line of a version with the version that last changed it, along first parents. Reads and compares in slices. */
export async function blameVersion(scope: Reader, id: string): Promise<readonly BlamedMessage[]> {
  await requireVersion(scope, id);
  const line = scope.db
    .withRecursive('line', (db) =>
      db
        .selectFrom('versions')
        .select(['versions.id', 'versions.first_parent_id'])
        .where('versions.id', '=', id)
        .union(
          db
            .selectFrom('versions as parent')
            .innerJoin('line', 'line.first_parent_id', 'parent.id')
            .select(['parent.id', 'parent.first_parent_id']),
        ),
    )
    .selectFrom('line')
    .innerJoin('versions', 'versions.id', 'line.id')
    .select([
      'versions.id as versionId',
      'number as versionNumber',
      'confirmed',
      'author',
      'created_at as at',
      'content_hash as hash',
    ])
    .orderBy('versions.depth');
  const rows: readonly Step[] = await line.execute();
  const blame = createBlame();
  const turns = createTurns();
  for (const { hash, confirmed, ...version } of rows) {
    await turns();
    scope.signal?.throwIfAborted();
    blame.add({ ...version, confirmed: confirmed !== 0 }, await loadContent(scope, hash));
  }
  await turns();
  return blame.messages();
}
