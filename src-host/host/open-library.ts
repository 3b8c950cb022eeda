import type { Client } from '../../src-core/client/connection.ts';
import type { Contract } from '../../src-core/contract/index.ts';
import type { Endpoint, Model } from '../../src-core/contract/models.ts';
import { listPrompts, type PromptFilter } from '../../src-core/library/prompts/list-prompts.ts';
import { type Session, sessionOf } from '../../src-core/scope/scope.ts';
import { findDataDir, openDataDir } from '../files/data-dir.ts';
import { requestErasure } from '../store/sqlite/erasure.ts';
import { personActor, readIdentity } from '../store/sqlite/identity.ts';
import { type OpenDatabase, openCurrentDatabase } from '../store/sqlite/open-database.ts';
import { createSqliteStore } from '../store/sqlite/sqlite-store.ts';

/** What needs neither models nor keys. */
export type LibraryClient = Pick<Client, 'prompts' | 'versions' | 'labels' | 'library' | 'blobs' | 'packs'>;

/** Prompts, versions and labels, for as long as one command takes. */
export interface Library {
  /** Needs no client: the contract takes longer to load than most lists to make. */
  list(filter: PromptFilter): ReturnType<typeof listPrompts>;
  client(): Promise<LibraryClient>;
  /** Models and endpoints; no client has them without a host. */
  models(): Promise<{ readonly models: readonly Model[]; readonly endpoints: readonly Endpoint[] }>;
  /** Makes findable what a killed process left; resolves with whether that is all of it. */
  catchUp(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens the file alone where it is there and up to date: nothing is joined, probed or started. The very first start, and the
 * first one after an update, is a host's.
 */
export async function openLibrary(dataDirFlag: string | undefined): Promise<Library> {
  const dataDir = findDataDir(dataDirFlag);
  const opened = await openCurrentDatabase(dataDir);
  const identity = opened !== null && (await isFurnished(opened)) ? await readIdentity(opened.kysely) : null;
  if (opened !== null && identity !== null) {
    const log = { info: () => undefined, error: () => undefined };
    // What is deleted is put down for the next host, which erases it.
    const store = createSqliteStore(opened, { log, requestErasure, erase: () => undefined });
    const session = sessionOf(store, personActor(identity, 'cli'));
    return {
      list: (filter) => session.read((scope) => listPrompts(scope, filter)),
      client: async () =>
        (await import('./library-client.ts')).createLibraryClient(store, identity, opened.file, dataDir),
      models: async () => (await import('./list-models.ts')).listStoredModels(session, opened.file, dataDir),
      catchUp: () => catchUp(session),
      async close() {
        store.close();
        await opened.close();
      },
    };
  }
  await opened?.close();
  const [{ openHost }, { inProcessClient }] = await Promise.all([
    import('./host.ts'),
    import('../transports/serve-calls.ts'),
  ]);
  const host = await openHost({ dataDir: openDataDir(dataDirFlag) });
  const session = host.ports.host;
  return {
    list: (filter) => session.read((scope) => listPrompts(scope, filter)),
    client: async () => inProcessClient<Contract>(host.router, { clientId: 'cli', log: host.log }),
    async models() {
      const client = inProcessClient<Contract>(host.router, { clientId: 'cli', log: host.log });
      const [models, endpoints] = await Promise.all([client.models.list(), client.models.listEndpoints()]);
      return { models, endpoints };
    },
    catchUp: () => catchUp(session),
    close: () => host.close(),
  };
}

async function catchUp(session: Session): Promise<boolean> {
  const { indexLeftovers } = await import('../../src-core/runs/output-index.ts');
  // A disk that is full keeps nobody from searching what is indexed already.
  return indexLeftovers(session).catch(() => false);
}

/** Whether the first start got as far as the samples. */
async function isFurnished({ kysely }: OpenDatabase): Promise<boolean> {
  const row = await kysely.selectFrom('settings').select('value').where('key', '=', 'samplesAdded').executeTakeFirst();
  return row?.value === 'true';
}
