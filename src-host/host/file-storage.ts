import type { Kysely } from 'kysely';
import type { Log } from '../../src-core/ports.ts';
import type { Tables } from '../../src-core/tables/tables.ts';
import { createErasure, requestErasure } from '../store/sqlite/erasure.ts';
import { explain } from '../store/sqlite/explain-failure.ts';
import { hostActor, type Identity, openIdentity, personActor } from '../store/sqlite/identity.ts';
import { type OpenDatabase, openDatabase } from '../store/sqlite/open-database.ts';
import { createRunStorage } from '../store/sqlite/run-storage.ts';
import { createSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { createFileLog } from './log.ts';
import type { Storage } from './storage.ts';
import { watchDatabase } from './watch-database.ts';

export interface FileStorage extends Storage {
  readonly database: Kysely<Tables>;
  readonly log: Log;
}

/** The workspace of one person, in a file of the data directory. */
export async function openFileStorage(dataDir: string): Promise<FileStorage> {
  const database = await openDatabase(dataDir);
  try {
    return furnish(database, createFileLog(dataDir), await openIdentity(database.kysely));
  } catch (error) {
    await database.close();
    throw explain(error, database.file);
  }
}

function furnish(database: OpenDatabase, log: Log, identity: Identity): FileStorage {
  const erasure = createErasure(database, log);
  const store = createSqliteStore(database, { log, requestErasure, erase: erasure.soon });
  const stopWatching = watchDatabase(database, log);
  return {
    store,
    host: hostActor(identity),
    actorOf: ({ clientId }) => personActor(identity, clientId),
    runStorage: (hostId) => createRunStorage(database, hostId),
    // A full disk is nothing that a person should have to look up in a log.
    explain: (error) => explain(error, database.file),
    place: database.file,
    problem: database.guard.problem,
    database: database.kysely,
    log,
    async close() {
      stopWatching();
      await erasure.close();
      store.close();
      await database.close();
    },
  };
}
