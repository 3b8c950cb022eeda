import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { Change } from '../src-core/contract/workspace.ts';
import type { Host } from './host/host.ts';
import { clientOf, eventually, openTestHost, temporaryFolder } from './testing/test-host.ts';

/** What a window of the host is told, apart from what the feed says. */
async function listen(host: Host): Promise<Change[]> {
  const heard: Change[] = [];
  const stop = new AbortController();
  const changes = await clientOf(host, 'window').workspace.changes(undefined, { signal: stop.signal });
  const following = (async () => {
    for await (const change of changes) heard.push(change);
  })().catch(() => undefined);
  onTestFinished(async () => {
    stop.abort();
    await following;
  });
  return heard;
}

const q8 = resolve('resources/models/promptdev-starter-q8_0.gguf');

test('windows are told which local models and settings another host on the same folder added, changed and removed', async () => {
  const { host, client } = await openTestHost();
  const heard = await listen(host);
  const elsewhere = await openTestHost(host.dataDir);
  const told = (topic: Change['topic'], id: string) =>
    eventually(async () => heard.splice(0).some((change) => change.topic === topic && change.ids.includes(id)));
  const path = join(await temporaryFolder(), 'other.gguf');
  await writeFile(path, Buffer.concat([await readFile(q8), Buffer.alloc(80)]));

  const { id } = await elsewhere.client.models.addLocal({ path });
  await told('models', id);
  expect((await client.models.list()).map((model) => model.id)).toContain(id);
  await elsewhere.client.models.updateLocal({ id, title: 'Renamed' });
  await told('models', id);
  expect(await client.models.get({ id })).toMatchObject({ title: 'Renamed' });
  await elsewhere.client.models.remove({ id });
  await told('models', id);
  expect((await client.models.list()).map((model) => model.id)).not.toContain(id);

  await elsewhere.client.settings.update({ theme: 'dark' });
  await told('settings', 'theme');
  expect((await client.settings.get()).theme).toBe('dark');
  await elsewhere.client.settings.update({ idleUnloadMinutes: 3 });
  await told('settings', 'idleUnloadMinutes');

  // A variable that holds a key is on the device too, and its endpoint is named.
  const endpoint = await elsewhere.client.models.addEndpoint({ name: 'lab', baseUrl: 'http://127.0.0.1:9/v1' });
  await told('models', endpoint.id);
  await elsewhere.client.models.updateEndpoint({ id: endpoint.id, changes: { keyEnv: 'LAB_KEY' } });
  await eventually(async () => (await client.models.listEndpoints())[0]?.keyEnv === 'LAB_KEY');
  await told('models', endpoint.id);
});

test('what windows of another host remember, and a host that only starts, is no news', async () => {
  const { host } = await openTestHost();
  const heard = await listen(host);
  const elsewhere = await openTestHost(host.dataDir);
  for (const value of [1, 2, 3]) await elsewhere.client.settings.setState({ key: 'layout', value });
  await elsewhere.client.settings.update({ theme: 'light' });
  await eventually(async () => heard.length > 0);
  expect(heard).toEqual([{ topic: 'settings', ids: ['theme'], kind: 'changed', origin: null }]);
});

test('what another process commits just after somebody begins to follow is told', async () => {
  const { host, client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'a' });
  const elsewhere = await openTestHost(host.dataDir);
  // Within the first look of the host that follows, each time of a host of its own.
  for (const delay of [1, 40, 150]) {
    const follower = await openTestHost(host.dataDir);
    const heard = await listen(follower.host);
    await sleep(delay);
    await elsewhere.client.prompts.update({ id, changes: { title: `After ${delay}` } });
    await eventually(async () => heard.some((change) => change.topic === 'prompts' && change.ids.includes(id)));
    await follower.host.close();
  }
});

test('a file from before settings were a person’s opens, and what was set counts for everybody there', async () => {
  const { host, client } = await openTestHost();
  await client.settings.update({ theme: 'light' });
  await host.close();
  const device = new SqliteDatabase(join(host.dataDir, 'device.db'));
  for (const table of ['device_settings', 'window_state'])
    device.exec(`CREATE TABLE kept AS SELECT key, value FROM ${table}; DROP TABLE ${table};
      CREATE TABLE ${table} (key TEXT PRIMARY KEY, value TEXT NOT NULL); INSERT INTO ${table} SELECT * FROM kept;
      DROP TABLE kept`);
  device.exec("DELETE FROM kysely_migration WHERE name <> '0001-first-device'");
  device.close();
  const again = await openTestHost(host.dataDir);
  expect(await again.client.settings.get()).toMatchObject({ theme: 'light' });
});
