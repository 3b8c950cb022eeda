import type { Database } from '../ports.ts';

/** What is about to be deleted, and may be the last to have a blob. */
export interface Leaving {
  readonly promptIds?: readonly string[];
  readonly runIds?: readonly string[];
  readonly contentHashes: readonly string[];
}

/** The blobs that prompts, runs and contents have; asked before these are deleted, so that `deleteUnusedBlobs` can look after it. */
export async function blobsOf(
  database: Database,
  { promptIds = [], runIds = [], contentHashes }: Leaving,
): Promise<readonly string[]> {
  // Most workspaces have none, and then nothing is to be read.
  if ((await database.selectFrom('blobs').select('hash').limit(1).executeTakeFirst()) === undefined) return [];
  const [entries, runs, contents] = [
    promptIds.length === 0
      ? []
      : await database
          .selectFrom('draft_entries')
          .select(['content', 'typed'])
          .where('prompt_id', 'in', [...promptIds])
          .execute(),
    runIds.length === 0
      ? []
      : await database
          .selectFrom('runs')
          .select(['messages', 'inputs'])
          .where('id', 'in', [...runIds])
          .execute(),
    contentHashes.length === 0
      ? []
      : await database
          .selectFrom('contents')
          .select('body')
          .where('hash', 'in', [...contentHashes])
          .execute(),
  ];
  const texts = [
    ...entries.flatMap(({ content, typed }) => [content, typed]),
    ...runs.flatMap(({ messages, inputs }) => [messages, inputs]),
    ...contents.map(({ body }) => body),
  ];
  return [...new Set(texts.flatMap((text) => text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? []))];
}

/** Deletes those of the blobs that no content, draft or run mentions any more. */
export async function deleteUnusedBlobs(database: Database, hashes: readonly string[]): Promise<void> {
  for (const hash of hashes) {
    if (!(await isThere(database, hash)) || (await isMentioned(database, hash))) continue;
    await database.deleteFrom('blobs').where('hash', '=', hash).execute();
  }
}

async function isThere(database: Database, hash: string): Promise<boolean> {
  return (await database.selectFrom('blobs').select('hash').where('hash', '=', hash).executeTakeFirst()) !== undefined;
}

async function isMentioned(database: Database, hash: string): Promise<boolean> {
  const like = `%${hash}%`;
  const found =
    (await database.selectFrom('contents').select('hash').where('body', 'like', like).limit(1).executeTakeFirst()) ??
    (await database
      .selectFrom('draft_entries')
      .select('id')
      .where((where) => where.or([where('content', 'like', like), where('typed', 'like', like)]))
      .limit(1)
      .executeTakeFirst()) ??
    (await database
      .selectFrom('runs')
      .select('id')
      .where((where) => where.or([where('messages', 'like', like), where('inputs', 'like', like)]))
      .limit(1)
      .executeTakeFirst());
  return found !== undefined;
}
