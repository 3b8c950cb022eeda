import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { permissions } from '../../../src-core/contract/permissions.ts';
import type { Actor } from '../../../src-core/scope/actor.ts';
import {
  type FeedChange,
  runAgain,
  SerialisationFailure,
  type Store,
  type Writer,
} from '../../../src-core/scope/scope.ts';
import { createPool } from './pool.ts';
import { createPostgresStore } from './store.ts';
import type { TestDatabase } from './testing/embedded.ts';
import { addTenant, appAddress, openTenantPool } from './testing/tenants.ts';

const actorOf = (tenantId: string, personId: string = randomUUID()): Actor => ({
  kind: 'person',
  id: personId,
  name: 'Ada',
  personId,
  tenantId,
  deviceId: randomUUID(),
  isShared: true,
  permissions: new Set(permissions),
  clientId: 'window',
});

async function open() {
  const { database, pool } = await openTenantPool();
  const store = createPostgresStore(pool);
  onTestFinished(() => store.close());
  return { database, store, ada: actorOf(await addTenant(database)) };
}

/** Another server on the same database. */
function openElsewhere(database: TestDatabase): Store {
  const pool = createPool({ ...appAddress(database), max: 2 });
  const store = createPostgresStore(pool);
  onTestFinished(async () => {
    store.close();
    await pool.end();
  });
  return store;
}

/** The first batches of changes after a rev. */
async function take(
  store: Store,
  as: Actor,
  after: number,
  count: number,
): Promise<readonly (readonly FeedChange[])[]> {
  const abort = new AbortController();
  const batches: (readonly FeedChange[])[] = [];
  for await (const batch of store.follow(as, after, abort.signal)) {
    batches.push(batch);
    if (batches.length >= count) break;
  }
  return batches;
}

const change =
  (topic: 'prompts' | 'drafts', ...ids: readonly string[]) =>
  async (scope: Writer) => {
    for (const id of ids) scope.changed(topic, id);
  };

test('what one transaction stamps has one number, the next the next, and a failed one none', async () => {
  const { store, ada } = await open();
  await store.write(ada, change('prompts', 'a', 'b', 'a'));
  const failing = store.write(ada, async (scope) => {
    scope.changed('prompts', 'never');
    scope.audit({ action: 'never', subject: 'never' });
    throw new Error('on second thoughts');
  });
  await expect(failing).rejects.toThrow('on second thoughts');
  // Nobody sees it, so it counts as nothing.
  await store.write(ada, async () => undefined);
  await store.write(ada, change('prompts', 'b'));
  expect(await take(store, ada, 0, 1)).toEqual([
    [
      { rev: 1, topic: 'prompts', id: 'a', kind: 'changed', origin: 'window' },
      { rev: 2, topic: 'prompts', id: 'b', kind: 'changed', origin: 'window' },
    ],
  ]);
});

test('who follows is told of commits here and on another server, of whole ones, and of nobody else’s drafts or tenant', async () => {
  const { database, store, ada } = await open();
  const elsewhere = openElsewhere(database);
  const [bob, stranger] = [actorOf(ada.tenantId), actorOf(await addTenant(database))];
  const ids = Array.from({ length: 2_500 }, (_, i) => `p${i}`);
  await elsewhere.write(stranger, change('prompts', 'theirs'));
  await elsewhere.write(bob, change('drafts', 'his'));
  await elsewhere.write(ada, change('prompts', ...ids));
  const [batch] = await take(store, ada, 0, 1);
  expect(batch).toHaveLength(2_500);
  let isTold = false;
  const following = take(store, ada, batch!.at(-1)!.rev, 2).finally(() => {
    isTold = true;
  });
  await store.write(ada, change('prompts', 'here'));
  // The first batch is of this server's commit, the second of one of the other's.
  while (!isTold) {
    await elsewhere.write(ada, change('prompts', 'there'));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const news = await following;
  expect(news.flat().map(({ id }) => id)).toContain('there');
  expect(news.flat().every(({ id }) => ['here', 'there'].includes(id))).toBe(true);
});

test('a follower leaves at once when its signal says so', async () => {
  const { store, ada } = await open();
  const abort = new AbortController();
  const ended = (async () => {
    for await (const _ of store.follow(ada, 0, abort.signal));
  })();
  abort.abort();
  await ended;
});

test('what somebody must answer for is written with the transaction', async () => {
  const { store, ada } = await open();
  await store.write(ada, async (scope) =>
    scope.audit({ action: 'label.move', subject: 'production', details: { to: 3 } }),
  );
  const rows = await store.read(ada, ({ db }) =>
    db.selectFrom('audit').select(['action', 'subject', 'actor_id', 'details']).execute(),
  );
  expect(rows).toEqual([{ action: 'label.move', subject: 'production', actor_id: ada.id, details: '{"to":3}' }]);
});

test('two that got in each other’s way are told apart from failures, and run again', async () => {
  const { store, ada } = await open();
  let tries = 0;
  const write = () =>
    store.write(ada, async (scope) => {
      tries += 1;
      if (tries === 1)
        await sql`DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$`.execute(scope.db);
      return tries;
    });
  expect(await runAgain(write)).toBe(2);
  tries = 0;
  await expect(write()).rejects.toBeInstanceOf(SerialisationFailure);
});

test('writers of one tenant take turns, and one of another does not wait for them', async () => {
  const { database, store, ada } = await open();
  const stranger = actorOf(await addTenant(database));
  const order: string[] = [];
  const { promise: strangerIsDone, resolve } = Promise.withResolvers<void>();
  const first = store.write(ada, async (scope) => {
    scope.changed('prompts', 'first');
    await strangerIsDone;
    order.push('first');
  });
  const second = store.write(ada, async (scope) => {
    order.push('second');
    scope.changed('prompts', 'second');
  });
  await store.write(stranger, async () => void order.push('stranger'));
  resolve();
  await Promise.all([first, second]);
  expect(order[0]).toBe('stranger');
  expect(order).toHaveLength(3);
});

test('many who wait to write to one tenant leave connections to the others', async () => {
  const { database, store, ada } = await open();
  const stranger = actorOf(await addTenant(database));
  const { promise: strangerIsDone, resolve } = Promise.withResolvers<void>();
  const order: number[] = [];
  const writers = Array.from({ length: 30 }, (_, n) =>
    store.write(ada, async () => {
      await strangerIsDone;
      order.push(n);
    }),
  );
  expect(await store.read(stranger, ({ db }) => db.selectFrom('prompts').select('id').execute())).toEqual([]);
  resolve();
  await Promise.all(writers);
  expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n));
});
