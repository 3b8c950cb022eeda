import type pg from 'pg';
import { changeKinds, topics } from '../../../src-core/contract/topics.ts';
import { createSignal } from '../../../src-core/follow.ts';
import type { Actor } from '../../../src-core/scope/actor.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import type { FeedChange, Rev, Store } from '../../../src-core/scope/scope.ts';
import type { Tables } from '../../../src-core/tables/tables.ts';
import { explainPostgres } from './explain-postgres.ts';
import { createRecord } from './record-changes.ts';
import { createRevWatch } from './rev-watch.ts';
import { type Access, inTenantTransaction, type TenantTransaction } from './tenant-connection.ts';
import { createTsvectorIndex } from './tsvector-index.ts';
import { createWriteTurns } from './write-turns.ts';

export interface PostgresStore extends Store {
  /** Ends all who follow; whoever made the pool ends that. */
  close(): void;
}

/** Changes that one look at the feed reads, and those that were committed together with the last of them. */
const readAtOnce = 1_000;

/** `Store` on one database with many tenants; the actor of a call says which of them it is for. */
export function createPostgresStore(pool: pg.Pool): PostgresStore {
  const watch = createRevWatch((as) => inScope(pool, as, 'read', async ({ rev }) => rev));
  const inTurn = createWriteTurns();
  const closing = new AbortController();

  return {
    read: (as, work, signal) => inScope(pool, as, 'read', ({ db }) => work(readerOf(as, db, signal))),

    async write(as, work, signal) {
      const write = async ({ db, rev }: TenantTransaction<Tables>) => {
        const reader = readerOf(as, db, signal);
        const record = createRecord(reader, db, rev);
        const { changed, audit } = record;
        // What is deleted is overwritten by the server's vacuum, and its files are nobody else's to read.
        const written = await work({ ...reader, changed, audit, erase() {} });
        return { result: written, isNews: await record.store() };
      };
      const { result, isNews } = await inTurn(as.tenantId, () => inScope(pool, as, 'write', write));
      if (isNews) watch.tell(as.tenantId);
      return result;
    },

    rev: (as) => inScope(pool, as, 'read', async ({ rev }) => rev),

    async *follow(as, after, signal) {
      const news = createSignal();
      const leave = watch.follow(as, news);
      const ended = AbortSignal.any([signal, closing.signal]);
      try {
        let rev = after;
        // What was committed since then is not waited for.
        news.wake();
        while (!ended.aborted) {
          await news.wait(ended);
          for (let more = true; more && !ended.aborted; ) {
            const next = await changesAfter(pool, as, rev);
            more = next.rev > rev;
            rev = next.rev;
            if (next.changes.length > 0 && !ended.aborted) yield next.changes;
          }
        }
      } finally {
        leave();
      }
    },

    close() {
      watch.close();
      closing.abort();
    },
  };
}

function readerOf(actor: Actor, db: TenantTransaction<Tables>['db'], signal: AbortSignal | undefined) {
  const search = createTsvectorIndex(actor.tenantId, db);
  return { actor, db, search, now: new Date().toISOString(), signal };
}

/** As every other failure of a store, one of the database comes out as a sentence. */
async function inScope<Result>(
  pool: pg.Pool,
  as: Actor,
  access: Access,
  work: (transaction: TenantTransaction<Tables>) => Promise<Result>,
): Promise<Result> {
  const session = { tenant: as.tenantId, person: as.personId };
  try {
    return await inTenantTransaction<Tables, Result>(pool, session, access, work);
  } catch (error) {
    throw explainPostgres(error);
  }
}

/** Whole commits: what was stamped together comes together. None while the database is away, which is looked at again. */
async function changesAfter(
  pool: pg.Pool,
  as: Actor,
  rev: Rev,
): Promise<{ readonly rev: Rev; readonly changes: readonly FeedChange[] }> {
  try {
    const rows = await inScope(pool, as, 'read', ({ db }) =>
      db
        .selectFrom('feed')
        .select(['topic', 'id', 'kind', 'rev', 'origin'])
        .where('person_id', 'in', ['', as.personId])
        .where('rev', '>', rev)
        .orderBy('rev')
        .fetch(readAtOnce, 'with ties')
        .execute(),
    );
    const changes = rows.flatMap(({ topic, kind, ...change }) => {
      const [known, how] = [topics.find((each) => each === topic), changeKinds.find((each) => each === kind)];
      return known === undefined || how === undefined ? [] : [{ ...change, topic: known, kind: how }];
    });
    return { rev: rows.at(-1)?.rev ?? rev, changes };
  } catch (error) {
    if (error instanceof AppError && error.code === 'unavailable') return { rev, changes: [] };
    throw error;
  }
}
