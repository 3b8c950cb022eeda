import { changeKinds, topics } from '../../../src-core/contract/topics.ts';
import { createSignal, repeat } from '../../../src-core/follow.ts';
import type { Log } from '../../../src-core/ports.ts';
import type { Actor } from '../../../src-core/scope/actor.ts';
import type { AuditEntry, FeedChange, Reader, Rev, Store, Writer, WriteTables } from '../../../src-core/scope/scope.ts';
import { bindSearch } from './fts-index.ts';
import type { OpenDatabase } from './open-database.ts';
import { createStampStorage, type Stamp } from './stamp-storage.ts';

export interface SqliteStore extends Store {
  /** Ends all who follow. */
  close(): void;
}

export interface SqliteStoreOptions {
  readonly log: Log;
  /** Part of a transaction that deletes for good. */
  readonly requestErasure: (db: WriteTables) => Promise<void>;
  /** Called once that is committed. */
  readonly erase: () => void;
}

/** How soon a commit of another process is noticed. */
const watchMs = 300;
/** Changes that one look at the feed reads; whoever is that far behind reads on at once. */
const readAtOnce = 1_000;

/** `Store` on one SQLite file, whose `begin` takes the one turn at writing (see `statements.ts`). */
export function createSqliteStore(opened: OpenDatabase, options: SqliteStoreOptions): SqliteStore {
  const { kysely, sqlite } = opened;
  const storeStamps = createStampStorage(sqlite, opened.file);
  const wakers = new Set<() => void>();
  const wake = (): void => {
    for (const waker of wakers) waker();
  };
  const version = sqlite.prepare('PRAGMA data_version').pluck();
  let known: unknown = null;
  // Changes with each commit of another connection; a renewed lease too, so the feed is asked what it was.
  const look = (): void => {
    if (wakers.size === 0 || !sqlite.open) return;
    try {
      const now = version.get();
      // The first look too: what was committed since somebody follows stood in no version that is known.
      if (now !== known) wake();
      known = now;
    } catch (error) {
      options.log.error('The database could not be looked at.', error);
    }
  };
  const stopLooking = repeat(watchMs, look);
  const closing = new AbortController();

  return {
    read: (as, work, signal) => work(readerOf(as, kysely, signal)),
    async write(as, work, signal) {
      let stamps = createStamps();
      const result = await kysely.transaction().execute(async (trx) => {
        stamps = createStamps();
        const scope: Writer = { ...readerOf(as, trx, signal), db: trx, search: bindSearch(trx), ...stamps };
        const result = await work(scope);
        if (stamps.isErasing()) await options.requestErasure(trx);
        storeStamps(as, scope.now, stamps);
        return result;
      });
      if (stamps.isErasing()) options.erase();
      if (stamps.changes().length > 0) wake();
      return result;
    },
    rev: () => currentRev(opened),
    async *follow(as, after, signal) {
      const news = createSignal();
      wakers.add(news.wake);
      const ended = AbortSignal.any([signal, closing.signal]);
      try {
        let rev = after;
        // What was committed since then is not waited for.
        news.wake();
        while (!ended.aborted) {
          await news.wait(ended);
          if (ended.aborted) return;
          for (let batch = await changesAfter(opened, as, rev); batch.length > 0; ) {
            rev = batch.at(-1)!.rev;
            yield batch;
            batch = ended.aborted ? [] : await changesAfter(opened, as, rev);
          }
        }
      } finally {
        wakers.delete(news.wake);
      }
    },
    close() {
      stopLooking();
      closing.abort();
    },
  };
}

function readerOf(actor: Actor, db: OpenDatabase['kysely'], signal: AbortSignal | undefined): Reader {
  return { actor, db, search: bindSearch(db), now: new Date().toISOString(), signal };
}

interface Stamps extends Pick<Writer, 'changed' | 'audit' | 'erase'> {
  changes(): readonly Stamp[];
  entries(): readonly AuditEntry[];
  isErasing(): boolean;
}

/** What a transaction stamps, each thing once, as it was last. */
function createStamps(): Stamps {
  const changes = new Map<string, Stamp>();
  const entries: AuditEntry[] = [];
  let erasing = false;
  return {
    changed: (topic, id, kind = 'changed') => void changes.set(`${topic} ${id}`, { topic, id, kind }),
    audit: (entry) => void entries.push(entry),
    erase: () => {
      erasing = true;
    },
    changes: () => [...changes.values()],
    entries: () => entries,
    isErasing: () => erasing,
  };
}

async function currentRev({ kysely }: OpenDatabase): Promise<Rev> {
  return (await kysely.selectFrom('workspace').select('rev').executeTakeFirst())?.rev ?? 0;
}

/** Whole commits: what was stamped together comes together. */
async function changesAfter({ kysely }: OpenDatabase, as: Actor, rev: Rev): Promise<readonly FeedChange[]> {
  const after = kysely
    .selectFrom('feed')
    .selectAll()
    .where('person_id', 'in', ['', as.personId])
    .where('rev', '>', rev)
    .orderBy('rev');
  const first = await after.limit(readAtOnce).execute();
  const last = first.at(-1)?.rev;
  const rest = first.length < readAtOnce || last === undefined ? [] : await after.where('rev', '=', last).execute();
  const rows = rest.length === 0 ? first : [...first.filter((row) => row.rev !== last), ...rest];
  return rows.flatMap(({ topic, id, kind, rev: at, origin }) => {
    const [known, how] = [topics.find((each) => each === topic), changeKinds.find((each) => each === kind)];
    return known === undefined || how === undefined ? [] : [{ rev: at, topic: known, id, kind: how, origin }];
  });
}
