import { canonicalJson, hashText } from '../content/hash-content.ts';
import { AppError } from '../scope/errors.ts';
import type { Reader, Writer } from '../scope/scope.ts';

/** A start that a client may send twice. */
export interface Start {
  readonly operation: 'runs.start' | 'comparisons.start';
  /** Chosen by the client; without one every start is its own. */
  readonly key: string | undefined;
  readonly input: unknown;
}

/** How long a key is remembered, milliseconds. */
const keptMs = 24 * 60 * 60_000;

/** What the same start came to before; null when it is a new one, or what it came to was deleted. Throws `conflict` when the key was used for another. */
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
  if (!row || !(await isThere(scope, operation, row.target_id))) return null;
  if (row.input_hash === hashOf(input)) return row.target_id;
  throw new AppError(
    'conflict',
    `The key "${key}" was used for another ${operation} before. Choose a new key for each start that is to be its own.`,
    { key },
  );
}

/** Remembers what a start came to, in the transaction that asked `startedBefore` for it; drops what does not count any more. */
export async function rememberStart(scope: Writer, { operation, key, input }: Start, targetId: string): Promise<void> {
  if (key === undefined) return;
  const { personId: person_id } = scope.actor;
  await scope.db.deleteFrom('idempotency_keys').where('created_at', '<', oldest(scope.now)).execute();
  await scope.db
    .deleteFrom('idempotency_keys')
    .where('person_id', '=', person_id)
    .where('operation', '=', operation)
    .where('key', '=', key)
    .execute();
  await scope.db
    .insertInto('idempotency_keys')
    .values({
      person_id,
      operation,
      key,
      input_hash: hashOf(input),
      target_id: targetId,
      created_at: scope.now,
    })
    .execute();
}

async function isThere({ db }: Reader, operation: Start['operation'], id: string): Promise<boolean> {
  const found =
    operation === 'runs.start'
      ? db.selectFrom('runs').select('id').where('id', '=', id)
      : db.selectFrom('comparisons').select('id').where('id', '=', id).where('whole', '=', 1);
  return (await found.executeTakeFirst()) !== undefined;
}

function hashOf(input: unknown): string {
  return hashText(canonicalJson(input));
}

function oldest(now: string): string {
  return new Date(Date.parse(now) - keptMs).toISOString();
}
