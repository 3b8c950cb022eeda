import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { clientOf, contentOf, eventually, finishedRun, openTestHost } from './testing/test-host.ts';

async function openLab() {
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const opened = await openTestHost();
  await opened.client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const asked = () => endpoint.requests.filter(({ path }) => path.endsWith('/chat/completions')).length;
  return { ...opened, asked };
}

/** A comparison, to its end, on a model of which every token costs a dollar. */
async function startAtCost(client: Client, input: { budget: number; rows: Record<string, never>[] }) {
  const price = { inputPerMillion: 0, outputPerMillion: 1_000_000 };
  await client.models.addRemote({ endpoint: 'lab', model: 'echo', price });
  const prompts = [{ content: contentOf('one two three four') }];
  const started = await client.comparisons.start({ prompts, models: ['lab/echo'], concurrency: 1, ...input });
  await eventually(async () => (await client.comparisons.get(started)).status === 'finished');
  return started;
}

test('the same start of a run sent twice, one after the other or at once, is done once', async () => {
  const { client, asked } = await openLab();
  const start = { content: contentOf('hi'), model: 'lab/echo', key: 'once' };
  const ids = await Promise.all([client.runs.start(start), client.runs.start(start), client.runs.start(start)]);
  await finishedRun(client, ids[0]!.id);
  ids.push(await client.runs.start(start));
  expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
  expect(asked()).toBe(1);
  expect((await client.runs.list({})).total).toBe(1);
});

test('a key that was used for another start is a conflict, and without a key every start is its own', async () => {
  const { client } = await openLab();
  const start = { content: contentOf('hi'), model: 'lab/echo' };
  await client.runs.start({ ...start, key: 'mine' });
  await expect(client.runs.start({ ...start, content: contentOf('other'), key: 'mine' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('"mine" was used for another runs.start'),
  });
  const [one, other] = [await client.runs.start(start), await client.runs.start(start)];
  expect(one.id).not.toBe(other.id);
});

test('the same start of a comparison sent twice at once leaves one comparison and its cells', async () => {
  const { client, host, asked } = await openLab();
  const start = {
    prompts: [{ content: contentOf('hi') }],
    models: ['lab/echo'],
    rows: [{}, {}, {}],
    key: 'once',
  };
  const ids = await Promise.all([client.comparisons.start(start), clientOf(host, 'other').comparisons.start(start)]);
  expect(ids[0]!.id).toBe(ids[1]!.id);
  await eventually(async () => (await client.comparisons.get({ id: ids[0]!.id })).status === 'finished');
  expect((await client.comparisons.start(start)).id).toBe(ids[0]!.id);
  expect((await client.comparisons.list({})).total).toBe(1);
  expect((await client.runs.list({})).total).toBe(3);
  expect(asked()).toBe(3);
});

test('once the budget of a comparison is spent, what waits is not asked and says why', async () => {
  const { client, asked } = await openLab();
  const { id } = await startAtCost(client, { budget: 1, rows: Array.from({ length: 12 }, () => ({})) });
  const runs = (await client.runs.list({ comparisonId: id })).items;
  const cancelled = runs.filter(({ status }) => status === 'cancelled');
  expect(asked()).toBe(runs.length - cancelled.length);
  expect(asked()).toBe(1);
  expect(cancelled[0]?.error).toMatchObject({
    code: 'cancelled',
    message: expect.stringMatching(/^The budget of \$1 was spent \(\$\d+\.\d{4}\)/),
  });
  // What was paid for is not put at risk, and asking again does not make the budget a new one.
  const all = runs.map(({ id: runId }) => runId);
  await expect(client.comparisons.rerun({ id, cells: all })).rejects.toMatchObject({ code: 'conflict' });
  expect(
    (await client.runs.list({ comparisonId: id })).items.filter(({ status }) => status === 'succeeded'),
  ).toHaveLength(1);
  expect(await client.comparisons.get({ id })).toMatchObject({ status: 'finished' });
  expect(asked()).toBe(1);
});

test('what was run again still counts against the budget', async () => {
  const { client, asked } = await openLab();
  const { id } = await startAtCost(client, { budget: 12, rows: [{}] });
  const [cost] = (await client.runs.list({ comparisonId: id })).items.map((run) => run.cost ?? 0);
  expect(cost).toBeGreaterThan(1);
  for (let spent = cost!; spent < 12; spent += cost!) {
    const [run] = (await client.runs.list({ comparisonId: id })).items;
    await client.comparisons.rerun({ id, cells: [run!.id] });
    await eventually(async () => (await client.comparisons.get({ id })).status === 'finished');
  }
  const [last] = (await client.runs.list({ comparisonId: id })).items;
  await expect(client.comparisons.rerun({ id, cells: [last!.id] })).rejects.toMatchObject({ code: 'conflict' });
  expect(asked()).toBe(Math.ceil(12 / cost!));
});

test('the key of a start whose result was deleted is free again', async () => {
  const { client } = await openLab();
  const start = { content: contentOf('hi'), model: 'lab/echo', key: 'once' };
  const { id } = await client.runs.start(start);
  await finishedRun(client, id);
  await client.runs.remove({ ids: [id] });
  const again = await client.runs.start({ ...start, content: contentOf('other') });
  expect(again.id).not.toBe(id);
  expect((await finishedRun(client, again.id)).status).toBe('succeeded');
  const comparison = { prompts: [{ content: contentOf('hi') }], models: ['lab/echo'], rows: [{}], key: 'once' };
  const first = await client.comparisons.start(comparison);
  await client.comparisons.remove(first);
  expect((await client.comparisons.start(comparison)).id).not.toBe(first.id);
});
