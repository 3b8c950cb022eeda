import { canonicalJson, hashText } from '../content/hash-content.ts';
import { AppError } from '../scope/errors.ts';
import type { Reader, Writer } from '../scope/scope.ts';

/** A start that a client may send twice. */
export interface Start {
  /** As in `runs.start`. */
  readonly operation: string;
  /** Chosen by the client; without one every start is its own. */
  readonly key: string | undefined;
  readonly input: unknown;
}

/** How long a key is remembered, milliseconds. */
const keptMs = 24 * 60 * 60_000;

/** What the same start came to before; null when it is a new one. Throws `conflict` when the key was used for another. */
export async function startedBefore(scope: Reader, { operation, key, input }: Start): Promise<string | null> {
  if (key === undefined) return null;
  const row = await scope.db
    .selectFrom('idempotency_keys')
    .select(['input_hash', 'target_id'])
    .where('person_id', '=', scope.actor.personId)
    .where('operation', '=', operation)
    .where('key', '=', key)
    .where('created_at', '>=', oldest(scope.now))
    .executeTakeFirst();
  if (!row) return null;
  if (row.input_hash === hashOf(input)) return row.target_id;
  throw new AppError(
    'conflict',
    `The key "${key}" was used for another ${operation} before. Choose a new key for each start that is to be its own.`,
    { key },
  );
}

/** Remembers what a start came to, in the transaction that makes it so; drops what is too old to count. */
export async function rememberStart(scope: Writer, { operation, key, input }: Start, targetId: string): Promise<void> {
  if (key === undefined) return;
  await scope.db.deleteFrom('idempotency_keys').where('created_at', '<', oldest(scope.now)).execute();
  await scope.db
    .insertInto('idempotency_keys')
    .values({
      person_id: scope.actor.personId,
      operation,
      key,
      input_hash: hashOf(input),
      target_id: targetId,
      created_at: scope.now,
    })
    .execute();
}

function hashOf(input: unknown): string {
  return hashText(canonicalJson(input));
}

function oldest(now: string): string {
  return new Date(Date.parse(now) - keptMs).toISOString();
}
