import { sql } from 'kysely';
import type { Database } from '../ports.ts';
import { type BlamedMessage, blameMessages } from './blame.ts';
import { parseContent } from './contents.ts';
import { requireVersion } from './find-version.ts';

interface Step {
  readonly number: number;
  readonly author: string;
  readonly at: string;
  readonly body: string;
}

/** Each line of a version with the version that last changed it, along first parents. */
export async function blameVersion(database: Database, id: string): Promise<readonly BlamedMessage[]> {
  await requireVersion(database, id);
  const { rows } = await sql<Step>`
    WITH RECURSIVE line (id) AS (
      SELECT ${id} UNION
      SELECT versions.first_parent_id FROM versions JOIN line ON versions.id = line.id
      WHERE versions.first_parent_id IS NOT NULL)
    SELECT versions.number, versions.author, versions.created_at AS at, contents.body
    FROM line JOIN versions ON versions.id = line.id JOIN contents ON contents.hash = versions.content_hash
    ORDER BY versions.number`.execute(database);
  const history = rows.map(({ number, author, at, body }) => ({
    versionNumber: number,
    author,
    at,
    content: parseContent(body),
  }));
  return blameMessages(history);
}
