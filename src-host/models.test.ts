import { copyFile, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { LocalModel } from '../src-core/contract/models.ts';
import type { LaunchEngine } from './engines/gguf/engine-channel.ts';
import { forkEngine } from './engines/gguf/fork-engine.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { rememberUpload } from './files/uploaded-files.ts';
import { openHost } from './host/host.ts';
import { clientOf, contentOf, eventually, finishedRun, openTestHost, temporaryFolder } from './testing/test-host.ts';

const q8 = resolve('resources/models/promptdev-starter-q8_0.gguf');

test('the built-in models are there from the start, with what a person wants to know', async () => {
  const { client } = await openTestHost();
  const [starter, small] = await client.models.list();
  expect(starter).toMatchObject({
    id: 'starter',
    kind: 'local',
    builtIn: true,
    architecture: 'llama',
    quantisation: 'F16',
    contextLength: 512,
    present: true,
    state: { kind: 'unloaded' },
    memory: { fits: true },
  });
  expect(small).toMatchObject({ id: 'starter-q8', quantisation: 'Q8_0' });
  await expect(client.models.remove({ id: 'starter' })).rejects.toMatchObject({ code: 'denied' });
});

test('a GGUF is added by path, loaded, asked, unloaded and removed; the file stays', async () => {
  const { client } = await openTestHost();
  const folder = await temporaryFolder();
  const path = join(folder, 'My Model.Q8.gguf');
  // Another file than the built-in one, or it would be recognised by its hash.
  await writeFile(path, Buffer.concat([await readFile(q8), Buffer.alloc(64)]));
  const model = await client.models.addLocal({ path });
  expect(model.id).toBe('local/my-model.q8');
  expect((await client.models.addLocal({ path })).id).toBe(model.id);
  const loaded = await client.models.load({ id: model.id });
  expect(loaded.state).toMatchObject({ kind: 'ready', contextSize: 512 });
  const messages = [
    { role: 'system', content: '' },
    { role: 'user', content: 'Say hello.' },
  ] as const;
  const { counts, total, exact } = await client.models.countTokens({ id: model.id, messages: [...messages] });
  expect(exact).toBe(true);
  expect(counts).toEqual([0, expect.any(Number)]);
  expect(total).toBeGreaterThan(counts[1] ?? 0);
  const { id } = await client.runs.start({
    content: contentOf('Say hello.'),
    model: model.id,
    sampling: { maxTokens: 8 },
  });
  expect((await finishedRun(client, id)).status).toBe('succeeded');
  // The measured threads are remembered, so that the next load measures nothing.
  await eventually(async () => ((await client.models.get({ id: model.id })) as typeof model).threads);
  expect((await client.models.unload({ id: model.id })).state.kind).toBe('unloaded');
  await client.models.remove({ id: model.id });
  expect(await readdir(folder)).toEqual(['My Model.Q8.gguf']);
  await expect(client.models.get({ id: model.id })).rejects.toMatchObject({ code: 'not_found' });
});

test('the same file as a built-in model is recognised', async () => {
  const { client } = await openTestHost();
  const path = join(await temporaryFolder(), 'copy.gguf');
  await copyFile(q8, path);
  expect((await client.models.addLocal({ path })).id).toBe('starter-q8');
});

test('an uploaded file goes with its model; a file elsewhere never does', async () => {
  const { client, host } = await openTestHost();
  const folder = join(host.dataDir, 'models');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'mine.gguf');
  await writeFile(path, Buffer.concat([await readFile(q8), Buffer.alloc(32)]));
  rememberUpload(path);
  const { id } = await client.models.addLocal({ path });
  await client.models.remove({ id });
  expect(await readdir(folder)).toEqual([]);
});

test('an upload that is refused, or that is there already, leaves no file behind', async () => {
  const { client, host } = await openTestHost();
  const folder = join(host.dataDir, 'models');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'bad.gguf'), 'no model');
  rememberUpload(join(folder, 'bad.gguf'));
  await expect(client.models.addLocal({ path: join(folder, 'bad.gguf') })).rejects.toMatchObject({ code: 'invalid' });
  await copyFile(q8, join(folder, 'again.gguf'));
  rememberUpload(join(folder, 'again.gguf'));
  expect((await client.models.addLocal({ path: join(folder, 'again.gguf') })).id).toBe('starter-q8');
  expect(await readdir(folder)).toEqual([]);
});

test('a file that a person put into the folder of uploads stays, also when it is no model, is known already, or its model goes', async () => {
  const { client, host } = await openTestHost();
  const folder = join(host.dataDir, 'models');
  await mkdir(folder, { recursive: true });
  const half = join(folder, 'half.gguf');
  await writeFile(half, (await readFile(q8)).subarray(0, 100_000));
  await expect(client.models.addLocal({ path: half })).rejects.toMatchObject({ code: 'invalid' });
  await copyFile(q8, join(folder, 'known.gguf'));
  expect((await client.models.addLocal({ path: join(folder, 'known.gguf') })).id).toBe('starter-q8');
  const mine = join(folder, 'mine.gguf');
  await writeFile(mine, Buffer.concat([await readFile(q8), Buffer.alloc(48)]));
  await client.models.remove({ id: (await client.models.addLocal({ path: mine })).id });
  expect((await readdir(folder)).sort()).toEqual(['half.gguf', 'known.gguf', 'mine.gguf']);
});

test('the file of an uploaded model stays when it is added again by another spelling or link, or while it cannot be read', async () => {
  const { client, host } = await openTestHost();
  const folder = join(host.dataDir, 'models');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'mine.gguf');
  await writeFile(path, Buffer.concat([await readFile(q8), Buffer.alloc(56)]));
  rememberUpload(path);
  const { id } = await client.models.addLocal({ path });
  await symlink(path, join(folder, 'link.gguf'));
  for (const again of [`${folder}/./mine.gguf`, `${folder}/../models/mine.gguf`, join(folder, 'link.gguf')])
    expect((await client.models.addLocal({ path: again })).id).toBe(id);
  expect((await readdir(folder)).sort()).toEqual(['link.gguf', 'mine.gguf']);
  await writeFile(path, 'damaged');
  await expect(client.models.addLocal({ path })).rejects.toMatchObject({ code: 'invalid' });
  expect(await readdir(folder)).toContain('mine.gguf');
});

test('a file that moved away is a clear error, and adding it from its new place mends the model', async () => {
  const { client } = await openTestHost();
  const folder = await temporaryFolder();
  const path = join(folder, 'a.gguf');
  await writeFile(path, Buffer.concat([await readFile(q8), Buffer.alloc(32)]));
  const { id } = await client.models.addLocal({ path, name: 'mover' });
  await rename(path, join(folder, 'b.gguf'));
  expect(await client.models.get({ id })).toMatchObject({ present: false });
  const { id: runId } = await client.runs.start({ content: contentOf('x'), model: id });
  expect((await finishedRun(client, runId)).error?.message).toContain(`no longer at ${path}`);
  const again = await client.models.addLocal({ path: join(folder, 'b.gguf') });
  expect(again).toMatchObject({ id: 'local/mover', present: true });
});

test.each([
  ['a truncated file', async (path: string) => writeFile(path, (await readFile(q8)).subarray(0, 100_000))],
  [
    'random bytes',
    async (path: string) => writeFile(path, Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7_919) % 251))),
  ],
  ['an empty file', async (path: string) => writeFile(path, '')],
  ['a directory', async (path: string) => mkdir(path)],
])('%s is refused with one sentence and leaves nothing behind', async (_, make) => {
  const { client } = await openTestHost();
  const path = join(await temporaryFolder(), 'bad.gguf');
  await make(path);
  const failure = await client.models.addLocal({ path }).catch((error: unknown) => error as Error & { code: string });
  expect(failure).toMatchObject({ code: 'invalid', message: expect.stringContaining('bad.gguf') });
  expect((failure as Error).message).not.toContain('\n');
  expect(await client.models.list()).toHaveLength(2);
});

test('a key is bound to its origin, never comes back, and is nowhere in database or log', async () => {
  const key = 'sk-canary-4f1d9a77c0ffee';
  const endpoint = await startScriptedEndpoint({ apiKey: key });
  const thief = await startScriptedEndpoint();
  onTestFinished(async () => {
    await endpoint.close();
    await thief.close();
  });
  const { client, host } = await openTestHost();
  const added = await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl, key });
  expect(added.key).toEqual({ last4: 'ffee', origin: endpoint.origin });
  expect(JSON.stringify([added, await client.models.listEndpoints()])).not.toContain(key);
  expect(await client.models.checkEndpoint({ id: added.id })).toMatchObject({ kind: 'ok' });
  const { id } = await client.runs.start({ content: contentOf('x'), model: 'lab/echo' });
  expect((await finishedRun(client, id)).status).toBe('succeeded');

  const moved = await client.models.updateEndpoint({ id: added.id, changes: { baseUrl: thief.baseUrl } });
  expect(moved.key).toBeNull();
  const { id: second } = await client.runs.start({ content: contentOf('x'), model: 'lab/echo' });
  await finishedRun(client, second);
  expect(thief.requests.length).toBeGreaterThan(0);
  expect(JSON.stringify(thief.requests.map((request) => request.headers))).not.toContain(key);

  for (const file of await readdir(host.dataDir)) {
    const bytes = await readFile(join(host.dataDir, file)).catch(() => Buffer.alloc(0));
    expect(bytes.includes(key), `${file} holds the key`).toBe(false);
  }
});

test('a base URL with a login in it, or without end, is refused before it is kept or asked', async () => {
  const { client } = await openTestHost();
  const { id } = await client.models.addEndpoint({ name: 'lab', baseUrl: 'http://127.0.0.1:9/v1' });
  const refused = [
    ['http://ada:secret@127.0.0.1:9/v1', 'must not contain a user name or password'],
    ['http://ada@127.0.0.1:9/v1', 'must not contain a user name or password'],
    [`http://127.0.0.1:9/${'x'.repeat(2_000)}`, 'more than 2000 characters'],
  ] as const;
  for (const [baseUrl, sentence] of refused) {
    const failure = { code: 'invalid', message: expect.stringContaining(sentence) };
    await expect(client.models.addEndpoint({ name: 'other', baseUrl })).rejects.toMatchObject(failure);
    await expect(client.models.updateEndpoint({ id, changes: { baseUrl } })).rejects.toMatchObject(failure);
  }
  expect((await client.models.listEndpoints()).map(({ baseUrl }) => baseUrl)).toEqual(['http://127.0.0.1:9/v1']);
});

test.each([
  ['a NUL', '/tmp/a\0b.gguf', 'cannot contain a NUL'],
  ['no end', `/tmp/${'x'.repeat(40_000)}`, '"path" may have at most 32,767 '],
])('a path with %s is refused in a short sentence', async (_, path, sentence) => {
  const { client } = await openTestHost();
  const failure = await client.models.addLocal({ path }).catch((error: unknown) => error as Error & { code: string });
  expect(failure).toMatchObject({ code: 'invalid', message: expect.stringContaining(sentence) });
  expect((failure as Error).message.length).toBeLessThan(200);
});

test('a key can come from an environment variable of the host', async () => {
  const endpoint = await startScriptedEndpoint({ apiKey: 'from-the-environment' });
  onTestFinished(() => endpoint.close());
  process.env.PROMPTDEV_TEST_KEY = 'from-the-environment';
  const { client } = await openTestHost();
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl, keyEnv: 'PROMPTDEV_TEST_KEY' });
  const { id } = await client.runs.start({ content: contentOf('x'), model: 'lab/echo' });
  expect((await finishedRun(client, id)).status).toBe('succeeded');
});

test('a price says where it comes from and from when it is: the endpoint, our list, or a person', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const body = JSON.stringify({ data: [{ id: 'm', pricing: { prompt: '0.000001', completion: '0.000002' } }] });
  const endpoint = await startScriptedEndpoint({ list: { kind: 'raw', contentType: 'application/json', body } });
  onTestFinished(() => endpoint.close());
  const { client } = await openTestHost();
  const { id } = await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const check = await client.models.checkEndpoint({ id });
  const stated = { inputPerMillion: 1, outputPerMillion: 2, source: 'endpoint', asOf: today };
  expect(check).toMatchObject({ kind: 'ok', models: [{ model: 'm', price: stated }] });
  const added = await client.models.addRemote({
    endpoint: 'lab',
    model: 'm',
    ...(check.kind === 'ok' && check.models[0]),
  });
  expect(added.price).toEqual(stated);
  const typed = await client.models.updateRemote({ id: added.id, price: { inputPerMillion: 3, outputPerMillion: 4 } });
  expect(typed.price).toEqual({ inputPerMillion: 3, outputPerMillion: 4, source: 'person', asOf: today });
  await client.models.addEndpoint({ name: 'openai', baseUrl: 'https://api.openai.com/v1' });
  const listed = await client.models.addRemote({ endpoint: 'openai', model: 'gpt-4o' });
  expect(listed.price).toMatchObject({ source: 'list', asOf: expect.stringMatching(/^20\d\d-\d\d$/) });
});

test('prices make costs', async () => {
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const { client } = await openTestHost();
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  await client.models.addRemote({
    endpoint: 'lab',
    model: 'echo',
    price: { inputPerMillion: 1_000_000, outputPerMillion: 2_000_000 },
  });
  const { id } = await client.runs.start({ content: contentOf('one two three'), model: 'lab/echo' });
  const run = await finishedRun(client, id);
  expect(run.cost).toBe(run.inputTokens! + 2 * run.outputTokens!);
});

test('names that mean something else, or are taken, are refused', async () => {
  const { client } = await openTestHost();
  await expect(client.models.addEndpoint({ name: 'local', baseUrl: 'http://127.0.0.1:1/v1' })).rejects.toMatchObject({
    code: 'invalid',
  });
  await client.models.addEndpoint({ name: 'lab', baseUrl: 'http://127.0.0.1:1/v1' });
  await expect(client.models.addEndpoint({ name: 'lab', baseUrl: 'http://127.0.0.1:2/v1' })).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(client.models.addEndpoint({ name: 'x', baseUrl: 'ftp://example.com' })).rejects.toMatchObject({
    code: 'invalid',
  });
});

test('removing an endpoint removes its models and its key', async () => {
  const { client } = await openTestHost();
  const { id } = await client.models.addEndpoint({
    name: 'lab',
    baseUrl: 'http://127.0.0.1:1/v1',
    key: 'secret-key-1234',
  });
  await client.models.addRemote({ endpoint: 'lab', model: 'm' });
  expect(await client.models.list()).toHaveLength(3);
  await client.models.removeEndpoint({ id });
  expect(await client.models.list()).toHaveLength(2);
  expect(await client.models.listEndpoints()).toEqual([]);
});

test('a file that crashes too often stays set aside over a restart and under another name, until it is released', async () => {
  const dataDir = await temporaryFolder();
  const path = join(await temporaryFolder(), 'crashing.gguf');
  await writeFile(path, Buffer.concat([await readFile(q8), Buffer.alloc(96)]));
  const open = async () => {
    const launchEngine: LaunchEngine = (_entry, env) => forkEngine('/nowhere/engine.js', env);
    const host = await openHost({ dataDir, withoutSamples: true, launchEngine });
    return { host, client: clientOf(host) };
  };
  const first = await open();
  const { id } = await first.client.models.addLocal({ path });
  for (let time = 1; time <= 3; time++)
    await expect(first.client.models.load({ id })).rejects.toMatchObject({ code: 'unavailable' });
  const { state } = (await first.client.models.get({ id })) as LocalModel;
  expect(state).toMatchObject({ kind: 'quarantined', message: expect.stringContaining('crashed 3 times') });
  await first.host.close();

  const second = await open();
  expect(await second.client.models.get({ id })).toMatchObject({ state });
  await expect(second.client.models.load({ id })).rejects.toMatchObject({
    message: expect.stringContaining('set aside'),
  });
  expect((await second.client.workspace.info()).warnings).toContainEqual(expect.stringContaining('was set aside'));
  await second.client.models.remove({ id });
  const again = await second.client.models.addLocal({ path, name: 'other' });
  expect(again.state.kind).toBe('quarantined');
  expect((await second.client.models.release({ id: again.id })).state.kind).toBe('unloaded');
  await second.host.close();

  const third = await open();
  expect(((await third.client.models.get({ id: again.id })) as LocalModel).state.kind).toBe('unloaded');
  await third.host.close();
});
