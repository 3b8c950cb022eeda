import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../src-core/client/connection.ts';
import type { Contract } from '../../src-core/contract/index.ts';
import { contract } from '../../src-core/contract/index.ts';
import { accesses, type OperationMeta } from '../../src-core/contract/operation.ts';
import { type Permission, permissions } from '../../src-core/contract/permissions.ts';
import { createLabelsService } from '../../src-core/library/labels/labels-service.ts';
import { createPromptsService } from '../../src-core/library/prompts/prompts-service.ts';
import { createVersionsService } from '../../src-core/library/versions/versions-service.ts';
import type { Actor } from '../../src-core/scope/actor.ts';
import { SerialisationFailure, type Store } from '../../src-core/scope/scope.ts';
import { requestErasure } from '../store/sqlite/erasure.ts';
import { openIdentity, personActor } from '../store/sqlite/identity.ts';
import { openDatabase } from '../store/sqlite/open-database.ts';
import { createSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { contentOf, temporaryFolder } from '../testing/test-host.ts';
import { inProcessClient } from '../transports/serve-calls.ts';
import { createRouter } from './router.ts';

const log = { info: () => undefined, error: () => undefined };

/** The library on a real file, as somebody, through whatever lies between the router and the store. */
async function openLibrary(
  change: (actor: Actor) => Actor = (actor) => actor,
  between: (store: Store) => Store = (store) => store,
) {
  const opened = await openDatabase(await temporaryFolder());
  const store = createSqliteStore(opened, { log, requestErasure, erase: () => undefined });
  onTestFinished(async () => {
    store.close();
    await opened.close();
  });
  const identity = await openIdentity(opened.kysely);
  const services = {
    prompts: createPromptsService(),
    versions: createVersionsService(),
    labels: createLabelsService(),
  };
  const router = createRouter(services, {
    store: between(store),
    actorOf: ({ clientId }) => change(personActor(identity, clientId)),
    explain: (error) => error,
  });
  const client: Client = inProcessClient<Contract>(router, { clientId: 'test', log });
  return { client, database: opened.kysely };
}

function only(...allowed: readonly Permission[]) {
  return (actor: Actor): Actor => ({ ...actor, permissions: new Set(allowed) });
}

test('the contract says of every operation what it is given and what it needs', () => {
  for (const [part, operations] of Object.entries(contract))
    for (const [name, procedure] of Object.entries(operations)) {
      const { access, needs } = procedure['~orpc'].meta as Partial<OperationMeta>;
      expect(accesses, `${part}.${name}`).toContain(access);
      expect(permissions, `${part}.${name}`).toContain(needs);
    }
});

test('who may only read is refused everything else with a sentence, and nothing is changed', async () => {
  const { client, database } = await openLibrary(only('read'));
  await expect(client.prompts.create({ name: 'a', content: contentOf('x') })).rejects.toMatchObject({
    code: 'denied',
    message: expect.stringMatching(/may not do this: prompts\.create needs the permission "write"/),
    details: { needed: 'write' },
  });
  expect((await client.prompts.list({})).total).toBe(0);
  expect(await database.selectFrom('prompts').select('id').execute()).toEqual([]);
});

test('a protected label is moved only by who may deploy, also with a confirmation', async () => {
  const { client } = await openLibrary(only('read', 'write'));
  const { id: promptId } = await client.prompts.create({ name: 'a', content: contentOf('x') });
  const { version } = await client.versions.save({ promptId });
  const move = { promptId, versionId: version.id, confirm: true };
  await expect(client.labels.move({ ...move, name: 'production' })).rejects.toMatchObject({
    code: 'denied',
    details: { needed: 'deploy' },
  });
  expect(await client.labels.history({ promptId })).toMatchObject({ total: 0 });
  expect((await client.labels.move({ ...move, name: 'staging' })).version.number).toBe(1);
});

test('a write that another one got in the way of runs again, and what it did before is gone', async () => {
  let failures = 2;
  const { client, database } = await openLibrary(undefined, (store) => ({
    ...store,
    write: (as, work, signal) =>
      store.write(
        as,
        async (scope) => {
          const result = await work(scope);
          failures -= 1;
          if (failures >= 0) throw new SerialisationFailure('could not serialize access');
          return result;
        },
        signal,
      ),
  }));
  const prompt = await client.prompts.create({ name: 'a', content: contentOf('x') });
  expect(prompt.name).toBe('a');
  expect(await database.selectFrom('prompts').select('name').execute()).toEqual([{ name: 'a' }]);
  expect((await database.selectFrom('workspace').select('rev').executeTakeFirstOrThrow()).rev).toBe(1);
});

test('a write that is got in the way of for ever ends with a sentence', async () => {
  const { client } = await openLibrary(undefined, (store) => ({
    ...store,
    write: () => Promise.reject(new SerialisationFailure('could not serialize access')),
  }));
  await expect(client.prompts.create({ name: 'a', content: contentOf('x') })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('Try again'),
  });
});
