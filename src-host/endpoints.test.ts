import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import type { Cell } from '../src-core/contract/comparisons.ts';
import type { Endpoint, RemoteModel } from '../src-core/contract/models.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { openHost } from './host/host.ts';
import { clientOf, contentOf, eventually, finishedRun, openTestHost, temporaryFolder } from './testing/test-host.ts';

async function startLab(options: Parameters<typeof startScriptedEndpoint>[0] = {}) {
  const endpoint = await startScriptedEndpoint({
    models: { picky: { kind: 'answer', rejectFields: ['temperature'] } },
    ...options,
  });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

test('what an endpoint refuses is kept over a restart, also for a model that was never added, until it is forgotten', async () => {
  const endpoint = await startLab();
  const dataDir = await temporaryFolder();
  const asked = { content: contentOf('x'), model: 'lab/picky', sampling: { temperature: 0.2 } };
  const note = 'lab/picky does not take temperature, so it was not sent.';
  const temperatures = () => endpoint.requests.map(({ body }) => body.temperature);

  const first = await openHost({ dataDir, withoutSamples: true });
  await clientOf(first).models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const { id } = await clientOf(first).runs.start(asked);
  expect(await finishedRun(clientOf(first), id)).toMatchObject({ status: 'succeeded', notes: [note] });
  await first.close();
  expect(temperatures()).toEqual([0.2, undefined]);

  const second = await openHost({ dataDir, withoutSamples: true });
  const client = clientOf(second);
  const again = await client.runs.start(asked);
  expect(await finishedRun(client, again.id)).toMatchObject({ status: 'succeeded', notes: [note] });
  expect(temperatures()).toEqual([0.2, undefined, undefined]);
  expect(await client.models.get({ id: 'lab/picky' })).toMatchObject({ refused: ['temperature'], neverSend: [] });

  expect(await client.models.forgetRefused({ id: 'lab/picky' })).toMatchObject({ refused: [] });
  const { id: third } = await client.runs.start(asked);
  await finishedRun(client, third);
  expect(temperatures().slice(3)).toEqual([0.2, undefined]);
  await eventually(async () => ((await client.models.get({ id: 'lab/picky' })) as RemoteModel).refused.length > 0);

  // Another address may be another server.
  const [lab] = await client.models.listEndpoints();
  await client.models.updateEndpoint({ id: lab!.id, changes: { baseUrl: `${endpoint.baseUrl}/` } });
  expect(await client.models.get({ id: 'lab/picky' })).toMatchObject({ refused: ['temperature'] });
  await client.models.updateEndpoint({ id: lab!.id, changes: { baseUrl: `${endpoint.origin}/v2` } });
  expect(await client.models.get({ id: 'lab/picky' })).toMatchObject({ refused: [] });
  await second.close();
});

test('a model that refuses temperature stands beside one that needs it in one comparison', async () => {
  const endpoint = await startLab();
  const { client } = await openTestHost();
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  await client.models.addRemote({ endpoint: 'lab', model: 'echo' });
  await client.models.addRemote({ endpoint: 'lab', model: 'picky' });
  const { id } = await client.comparisons.start({
    prompts: [{ content: contentOf('Hi') }],
    models: ['lab/echo', 'lab/picky'],
    rows: [{}, {}, {}, {}],
    sampling: { temperature: 0.7 },
    concurrency: 2,
  });
  const cells = await finishedCells(client, id);
  expect(cells).toHaveLength(8);
  expect(cells.map(({ status }) => status)).toEqual(cells.map(() => 'succeeded'));
  const sent = (model: string) =>
    endpoint.requests.filter(({ body }) => body.model === model).map(({ body }) => body.temperature);
  expect(sent('echo')).toEqual([0.7, 0.7, 0.7, 0.7]);
  expect(sent('picky').filter((temperature) => temperature === undefined)).toHaveLength(4);
});

test('what a person never wants sent is stored, listed, and refused by name when it is no field', async () => {
  const endpoint = await startLab();
  const { client } = await openTestHost();
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  await client.models.addRemote({ endpoint: 'lab', model: 'echo' });
  await client.models.updateRemote({ id: 'lab/echo', neverSend: ['temperature', 'seed', 'seed'] });
  expect((await client.models.list()).at(-1)).toMatchObject({ id: 'lab/echo', neverSend: ['temperature', 'seed'] });
  const { id } = await client.runs.start({
    content: contentOf('x'),
    model: 'lab/echo',
    sampling: { temperature: 1, seed: 7, maxTokens: 5 },
  });
  const { notes } = await finishedRun(client, id);
  expect(notes).toEqual([
    'lab/echo is set never to get temperature, so it was not sent.',
    'lab/echo is set never to get seed, so it was not sent.',
  ]);
  expect(endpoint.requests[0]?.body).toMatchObject({ max_tokens: 5 });
  expect(endpoint.requests[0]?.body).not.toHaveProperty('temperature');
  await expect(
    client.models.updateRemote({ id: 'lab/echo', neverSend: ['temprature' as 'temperature'] }),
  ).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('"temprature" is no field of a request'),
  });
});

test('the key of a variable does not follow the address to another origin until it is named again', async () => {
  const endpoint = await startLab({ apiKey: 'canary-of-the-variable' });
  const thief = await startLab();
  process.env.PROMPTDEV_MOVING_KEY = 'canary-of-the-variable';
  const { client, host } = await openTestHost();
  const { id } = await client.models.addEndpoint({
    name: 'lab',
    baseUrl: endpoint.baseUrl,
    keyEnv: 'PROMPTDEV_MOVING_KEY',
  });
  const run = async () => {
    const started = await client.runs.start({ content: contentOf('x'), model: 'lab/echo' });
    return finishedRun(client, started.id);
  };
  expect((await run()).status).toBe('succeeded');

  const moved = await client.models.updateEndpoint({ id, changes: { baseUrl: thief.baseUrl } });
  expect(moved.keyEnv).toBeNull();
  await run();
  await client.models.checkEndpoint({ id });
  expect(JSON.stringify(thief.requests.map(({ headers }) => headers))).not.toContain('canary');

  // However the row came to be, the origin is looked at when the key is used.
  await host.ports.device
    .insertInto('endpoint_variables')
    .values({ endpoint_id: id, variable: 'PROMPTDEV_MOVING_KEY', origin: endpoint.origin })
    .execute();
  expect((await run()).error).toMatchObject({
    code: 'denied',
    message: expect.stringMatching(/^The key in \$PROMPTDEV_MOVING_KEY was given for .* name the variable again/),
  });
  expect(JSON.stringify(thief.requests.map(({ headers }) => headers))).not.toContain('canary');

  await client.models.updateEndpoint({ id, changes: { keyEnv: 'PROMPTDEV_MOVING_KEY' } });
  expect((await run()).status).toBe('succeeded');
  expect(thief.requests.at(-1)?.headers.authorization).toBe('Bearer canary-of-the-variable');
});

test('settings that nobody chose come from one place, and are generous to servers of one’s own', async () => {
  const { client } = await openTestHost();
  const add = (name: string, baseUrl: string, preset: string | null = null) =>
    client.models.addEndpoint({ name, baseUrl, preset });
  expect(await add('openai', 'https://api.openai.com/v1', 'openai')).toMatchObject({
    maxConcurrency: 8,
    timeoutMs: 120_000,
    idleTimeoutMs: 120_000,
    maxRetries: 3,
  });
  expect(await add('ollama', 'http://127.0.0.1:11434/v1', 'ollama')).toMatchObject({
    maxConcurrency: 1,
    timeoutMs: 900_000,
    idleTimeoutMs: 300_000,
  });
  for (const [index, host] of [
    'localhost',
    '[::1]',
    '10.0.0.7',
    '192.168.1.7',
    '172.20.0.2',
    'gpu',
    'gpu.local',
  ].entries())
    expect(await add(`own-${index}`, `http://${host}:8000/v1`)).toMatchObject({ timeoutMs: 900_000 });
  for (const [index, host] of ['api.example.com', '172.40.0.2', '11.0.0.1', '10.example.com'].entries())
    expect(await add(`service-${index}`, `https://${host}/v1`)).toMatchObject({ timeoutMs: 120_000 });
});

test('a long list of models is shown page by page and searched whole', async () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `vendor/model-${String(index).padStart(5, '0')}`);
  const endpoint = await startLab({
    list: { kind: 'models', ids: [...ids, 'vendor/The Exact One', 'vendor/The Exact One 2'] },
  });
  const { client } = await openTestHost();
  const { id } = await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const check = await client.models.checkEndpoint({ id });
  expect(check).toMatchObject({ kind: 'ok', total: 20_002 });
  expect(check.kind === 'ok' && check.models).toHaveLength(500);
  const page = await client.models.listOffers({ id, query: 'MODEL 1999', offset: 3, limit: 2 });
  expect(page).toMatchObject({ matching: 12, total: 20_002 });
  expect(page.models.map(({ model }) => model)).toEqual(['vendor/model-19991', 'vendor/model-19992']);
  const exact = await client.models.listOffers({ id, query: 'vendor/The Exact One 2' });
  expect(exact.models[0]?.model).toBe('vendor/The Exact One 2');
  expect(endpoint.requests.filter(({ path }) => path === '/v1/models')).toHaveLength(1);
});

test('a look-up of a model that failed is not remembered for the rest of a comparison', async () => {
  const endpoint = await startLab();
  process.env.PROMPTDEV_LATE_KEY = 'late';
  const { client, host } = await openTestHost();
  const { id } = await client.models.addEndpoint({
    name: 'late',
    baseUrl: endpoint.baseUrl,
    keyEnv: 'PROMPTDEV_LATE_KEY',
  });
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const variable = host.ports.device.updateTable('endpoint_variables').where('endpoint_id', '=', id);
  await variable.set({ origin: 'https://elsewhere.example' }).execute();
  const { id: comparison } = await client.comparisons.start({
    prompts: [{ content: contentOf('Hi') }],
    models: ['late/echo', 'lab/endless'],
    rows: [{}],
    concurrency: 2,
  });
  const cells = new Map<string, Cell>();
  let mended = false;
  for await (const event of await client.comparisons.watch({ id: comparison })) {
    if (event.kind !== 'cells') continue;
    for (const cell of event.cells) cells.set(cell.runId, cell);
    const late = [...cells.values()].filter(({ model }) => model === 0);
    if (!mended && late.some(({ status }) => status === 'failed')) {
      mended = true;
      await client.models.updateEndpoint({ id, changes: { keyEnv: 'PROMPTDEV_LATE_KEY' } });
      // The other model keeps the comparison, and what it looked up, going.
      await client.comparisons.rerun({ id: comparison, cells: 'failed' });
    }
    if (late.some(({ status }) => status === 'succeeded')) break;
  }
  expect(mended).toBe(true);
  await client.comparisons.cancel({ id: comparison });
});

/** The cells of a comparison that has come to its end. */
async function finishedCells(client: Client, id: string): Promise<readonly Cell[]> {
  const cells = new Map<string, Cell>();
  for await (const event of await client.comparisons.watch({ id }))
    if (event.kind === 'cells') for (const cell of event.cells) cells.set(cell.runId, cell);
  return [...cells.values()];
}

test('a window that reads an endpoint whenever it is told of it ends with its key and its variable', async () => {
  const { host, client } = await openTestHost();
  const window = clientOf(host, 'window');
  const stop = new AbortController();
  const changes = await window.workspace.changes(undefined, { signal: stop.signal });
  const seen: Endpoint[] = [];
  const following = (async () => {
    for await (const { topic } of changes) if (topic === 'models') seen.push(...(await window.models.listEndpoints()));
  })().catch(() => undefined);
  const { id } = await client.models.addEndpoint({
    name: 'lab',
    baseUrl: 'http://127.0.0.1:9/v1',
    key: 'key-of-the-lab-1234',
  });
  await eventually(async () => seen.at(-1)?.key?.last4 === '1234');
  await client.models.updateEndpoint({ id, changes: { keyEnv: 'LAB_KEY' }, key: null });
  await eventually(async () => seen.at(-1)?.key === null && seen.at(-1)?.keyEnv === 'LAB_KEY');
  stop.abort();
  await following;
});

test('two windows that change different fields of an endpoint at once both have their way, and the audit says so', async () => {
  const { host, client } = await openTestHost();
  const { id } = await client.models.addEndpoint({ name: 'lab', baseUrl: 'http://127.0.0.1:9/v1' });
  await Promise.all([
    client.models.updateEndpoint({ id, changes: { title: 'Laboratory' } }),
    client.models.updateEndpoint({ id, changes: { maxConcurrency: 20 } }),
  ]);
  const [endpoint] = await client.models.listEndpoints();
  expect(endpoint).toMatchObject({ title: 'Laboratory', maxConcurrency: 20 });
  const entries = await host.database
    .selectFrom('audit')
    .select('details')
    .where('action', '=', 'endpoint.change')
    .execute();
  expect(entries.map(({ details }) => Object.keys(JSON.parse(details)).sort())).toEqual([
    ['name', 'title'],
    ['max_concurrency', 'name'],
  ]);
});
