import { sql } from 'kysely';
import { type BlamedMessage, createBlame, type VersionOrigin } from '../../content/diff/blame.ts';
import type { Database } from '../../ports.ts';
import { createTurns } from '../../turns.ts';
import { requireVersion } from '../lookup/find-version.ts';
import { loadContent } from '../stored/contents.ts';

type Step = VersionOrigin & { readonly hash: string };

/** Each line of a version with the version that last changed it, along first parents. Reads and compares in slices. */
export async function blameVersion(
  database: Database,
  id: string,
  signal?: AbortSignal,
): Promise<readonly BlamedMessage[]> {
  await requireVersion(database, id);
  const { rows } = await sql<Step>`
    WITH RECURSIVE line (id) AS (
      SELECT ${id} UNION
      SELECT versions.first_parent_id FROM versions JOIN line ON versions.id = line.id
      WHERE versions.first_parent_id IS NOT NULL)
    SELECT number AS "versionNumber", author, created_at AS at, content_hash AS hash
    FROM line JOIN versions ON versions.id = line.id
    ORDER BY versions.number`.execute(database);
  const blame = createBlame();
  const turns = createTurns();
  for (const { hash, ...version } of rows) {
    await turns();
    signal?.throwIfAborted();
    blame.add(version, await loadContent(database, hash));
  }
  await turns();
  return blame.messages();
}
