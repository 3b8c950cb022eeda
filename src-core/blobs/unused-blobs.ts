import type { Reader, Writer } from '../scope/scope.ts';
import { hasText } from '../tables/matching.ts';

/** What is about to be deleted, and may be the last to have a blob. */
export interface Leaving {
  readonly promptIds?: readonly string[];
  readonly runIds?: readonly string[];
  readonly contentHashes: readonly string[];
}

/** The blobs that prompts, runs and contents have; asked before these are deleted, so that `deleteUnusedBlobs` can look after it. */
export async function blobsOf(
  { db }: Reader,
  { promptIds = [], runIds = [], contentHashes }: Leaving,
): Promise<readonly string[]> {
  // Most workspaces have none, and then nothing is to be read.
  if ((await db.selectFrom('blobs').select('hash').limit(1).executeTakeFirst()) === undefined) return [];
  const [entries, runs, contents] = [
    promptIds.length === 0
      ? []
      : await db
          .selectFrom('draft_entries')
          .select(['content', 'typed'])
          .where('prompt_id', 'in', [...promptIds])
          .execute(),
    runIds.length === 0
      ? []
      : await db
          .selectFrom('runs')
          .select(['messages', 'inputs'])
          .where('id', 'in', [...runIds])
          .execute(),
    contentHashes.length === 0
      ? []
      : await db
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
export async function deleteUnusedBlobs(scope: Writer, hashes: readonly string[]): Promise<void> {
  // Where others work too, a draft that nobody else may look into can mention one.
  if (scope.actor.isShared) return;
  for (const hash of hashes) {
    if (!(await isThere(scope, hash)) || (await isMentioned(scope, hash))) continue;
    await scope.db.deleteFrom('blobs').where('hash', '=', hash).execute();
  }
}

async function isThere({ db }: Reader, hash: string): Promise<boolean> {
  return (await db.selectFrom('blobs').select('hash').where('hash', '=', hash).executeTakeFirst()) !== undefined;
}

async function isMentioned({ db }: Reader, hash: string): Promise<boolean> {
  const contents = db.selectFrom('contents').select('hash');
  const entries = db.selectFrom('draft_entries').select('id');
  const runs = db.selectFrom('runs').select('id');
  const found =
    (await contents
      .where((eb) => hasText(eb.ref('body'), hash))
      .limit(1)
      .executeTakeFirst()) ??
    (await entries
      .where((eb) => eb.or([hasText(eb.ref('content'), hash), hasText(eb.ref('typed'), hash)]))
      .limit(1)
      .executeTakeFirst()) ??
    (await runs
      .where((eb) => eb.or([hasText(eb.ref('messages'), hash), hasText(eb.ref('inputs'), hash)]))
      .limit(1)
      .executeTakeFirst());
  return found !== undefined;
}
