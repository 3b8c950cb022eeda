import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import type { Cell, ComparisonEvent } from '../src-core/contract/comparisons.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { clientOf, contentOf, eventually, openTestHost } from './testing/test-host.ts';

async function hostWithEndpoint() {
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const opened = await openTestHost();
  await opened.client.models.addEndpoint({
    name: 'lab',
    baseUrl: endpoint.baseUrl,
    maxRetries: 0,
    timeoutMs: 2_000,
    maxConcurrency: 64,
  });
  return { ...opened, endpoint };
}

/** Folds a watch as the grid does: cells by place, texts by offset. */
async function fold(client: Client, id: string) {
  const cells = new Map<string, Cell>();
  const texts = new Map<string, string>();
  let last: Extract<ComparisonEvent, { kind: 'totals' }> | null = null;
  for await (const event of await client.comparisons.watch({ id })) {
    if (event.kind === 'totals') last = event;
    if (event.kind === 'cells')
      for (const cell of event.cells) cells.set(`${cell.prompt}/${cell.model}/${cell.row}`, cell);
    if (event.kind === 'deltas') {
      for (const { runId, offset, text } of event.deltas)
        texts.set(runId, (texts.get(runId) ?? '').slice(0, offset) + text);
    }
  }
  return { cells, texts, last: last! };
}

const greeting = contentOf('Say hello to {{ name }}.', { inputs: [{ name: 'name', type: 'string' }] });

test('runs prompts × models × rows, on local and remote models side by side, and isolates failures per cell', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.comparisons.start({
    prompts: [
      { content: greeting, name: 'greeting' },
      { content: contentOf('Bye {{ name }}.', { inputs: [{ name: 'name', type: 'string' }] }), name: 'bye' },
    ],
    models: ['starter', 'lab/echo', 'lab/fail-500'],
    rows: [{ name: 'Ada' }, { name: 'Grace' }, {}],
    sampling: { temperature: 0, maxTokens: 16 },
    concurrency: 4,
  });
  const { cells, texts, last } = await fold(client, id);
  expect(cells.size).toBe(18);
  expect(last.status).toBe('finished');
  expect(cells.get('0/1/0')).toMatchObject({
    status: 'succeeded',
    output: expect.stringContaining('Say hello to Ada.'),
  });
  expect(cells.get('1/1/1')?.output).toContain('Bye Grace.');
  expect(cells.get('0/0/0')).toMatchObject({ status: 'succeeded', cost: 0 });
  expect(cells.get('0/2/0')).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
  expect(cells.get('0/1/2')).toMatchObject({
    status: 'failed',
    error: { code: 'invalid', message: expect.stringContaining('"name"') },
  });
  for (const cell of cells.values()) {
    const text = texts.get(cell.runId);
    if (text !== undefined) expect(cell.output.startsWith(text)).toBe(true);
  }
  expect(last.totals.map(({ succeeded, failed }) => [succeeded, failed])).toEqual([
    [4, 2],
    [4, 2],
    [0, 6],
  ]);
  const stored = await client.runs.get({ id: cells.get('0/1/0')!.runId });
  expect(stored).toMatchObject({
    comparisonId: id,
    inputs: { name: 'Ada' },
    messages: [{ role: 'user', content: 'Say hello to Ada.' }],
  });
});

test('a comparison that is watched again, or only later, shows the same', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.comparisons.start({
    prompts: [{ content: greeting }],
    models: ['lab/echo'],
    rows: [{ name: 'A' }, { name: 'B' }],
  });
  const live = await fold(client, id);
  const replayed = await fold(client, id);
  expect(replayed.cells).toEqual(live.cells);
  expect(replayed.last.totals).toEqual(live.last.totals);
});

test('cancel stops what runs and what waits, and keeps what is done', async () => {
  const { client } = await hostWithEndpoint();
  const rows = Array.from({ length: 30 }, (_, index) => ({ name: `n${index}` }));
  const { id } = await client.comparisons.start({
    prompts: [{ content: greeting }],
    models: ['lab/delay-30', 'lab/endless'],
    rows,
    concurrency: 4,
  });
  const watched = fold(client, id);
  await eventually(async () => (await client.runs.list({ comparisonId: id, status: 'succeeded' })).total > 1);
  await client.comparisons.cancel({ id });
  const { cells, last } = await watched;
  const statuses = [...cells.values()].map((cell) => cell.status);
  expect(last.status).toBe('cancelled');
  expect(new Set(statuses)).toEqual(new Set(['succeeded', 'cancelled']));
  expect((await client.runs.list({ comparisonId: id, status: 'queued' })).total).toBe(0);
  expect((await client.runs.list({ comparisonId: id, status: 'running' })).total).toBe(0);
});

test('one cell can be cancelled while the others go on', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.comparisons.start({
    prompts: [{ content: greeting }],
    models: ['lab/endless', 'lab/echo'],
    rows: [{ name: 'A' }],
  });
  const watched = fold(client, id);
  const run = await eventually(
    async () => (await client.runs.list({ comparisonId: id, model: 'lab/endless' })).items[0],
  );
  await client.runs.cancel({ id: run.id });
  const { cells } = await watched;
  expect([cells.get('0/0/0')?.status, cells.get('0/1/0')?.status]).toEqual(['cancelled', 'succeeded']);
});

test('cells run again in place, and the old runs stay in the history', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.comparisons.start({
    prompts: [{ content: greeting }],
    models: ['lab/fail-500-once', 'lab/echo'],
    rows: [{ name: 'A' }],
  });
  const first = await fold(client, id);
  expect(first.cells.get('0/0/0')?.status).toBe('failed');
  await client.comparisons.rerun({ id, cells: 'failed' });
  const second = await fold(client, id);
  expect(second.cells.get('0/0/0')?.status).toBe('succeeded');
  expect(second.cells.get('0/1/0')?.runId).toBe(first.cells.get('0/1/0')?.runId);
  expect(second.last).toMatchObject({ status: 'finished', totals: [{ succeeded: 1, failed: 0 }, { succeeded: 1 }] });
  expect((await client.runs.list({ comparisonId: id })).total).toBe(3);
  await client.comparisons.rerun({ id, cells: [second.cells.get('0/1/0')!.runId] });
  expect((await fold(client, id)).cells.get('0/1/0')?.runId).not.toBe(first.cells.get('0/1/0')?.runId);
});

test('an endpoint never sees more calls at once than its own limit, whatever the concurrency', async () => {
  const { client, endpoint } = await hostWithEndpoint();
  const { items } = { items: await client.models.listEndpoints() };
  await client.models.updateEndpoint({ id: items[0]!.id, changes: { maxConcurrency: 3 } });
  const rows = Array.from({ length: 24 }, (_, index) => ({ name: String(index) }));
  const { id } = await client.comparisons.start({
    prompts: [{ content: greeting }],
    models: ['lab/delay-10'],
    rows,
    concurrency: 16,
  });
  const { last } = await fold(client, id);
  expect(last.totals[0]?.succeeded).toBe(24);
  expect(endpoint.peakConcurrency).toBe(3);
});

test('comparisons are listed with their counts, renamed and removed with their runs', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.comparisons.start({
    prompts: [{ content: greeting, name: 'greeting' }],
    models: ['lab/echo', 'lab/fail-400'],
    rows: [{ name: 'A' }],
  });
  await fold(client, id);
  expect((await client.comparisons.list({})).items).toEqual([
    expect.objectContaining({
      id,
      title: 'greeting on 2 models',
      status: 'finished',
      rows: 1,
      cells: 2,
      succeeded: 1,
      failed: 1,
    }),
  ]);
  await client.comparisons.rename({ id, title: 'Mine' });
  expect((await client.comparisons.get({ id })).title).toBe('Mine');
  await client.comparisons.remove({ id });
  expect((await client.comparisons.list({})).total).toBe(0);
  expect((await client.runs.list({})).total).toBe(0);
  await expect(client.comparisons.get({ id })).rejects.toMatchObject({ code: 'not_found' });
});

test('two windows on one comparison both see it whole', async () => {
  const { host, client } = await hostWithEndpoint();
  const { id } = await client.comparisons.start({
    prompts: [{ content: greeting }],
    models: ['lab/slow'],
    rows: [{ name: 'A' }, { name: 'B' }],
  });
  const [one, two] = await Promise.all([fold(client, id), fold(clientOf(host, 'other'), id)]);
  expect(one.cells).toEqual(two.cells);
});

test('a cell that waits for its turn can be cancelled alone', async () => {
  const { client } = await hostWithEndpoint();
  const { id } = await client.comparisons.start({
    prompts: [{ content: contentOf('a b c d e f') }],
    models: ['lab/slow'],
    rows: [{}, {}, {}],
    concurrency: 1,
  });
  const waiting = (await client.runs.list({ comparisonId: id, status: 'queued' })).items[0]!;
  await client.runs.cancel({ id: waiting.id });
  const { cells, last } = await fold(client, id);
  expect([...cells.values()].map((cell) => cell.status).sort()).toEqual(['cancelled', 'succeeded', 'succeeded']);
  expect(last.status).toBe('finished');
  expect(await client.runs.get({ id: waiting.id })).toMatchObject({ status: 'cancelled', messages: [] });
});

test('a cell tells how many tools its answer calls, as it ends and when it is read again', async () => {
  const { client, host } = await openTestHost();
  const calls = [1, 2].map((n) => ({ id: `c${n}`, name: 'look_up', arguments: `{"n":${n}}` }));
  const endpoint = await startScriptedEndpoint({
    // As some endpoints end an answer that calls tools.
    models: { calls: { kind: 'answer', text: '', finishReason: 'stop', toolCalls: calls } },
  });
  onTestFinished(() => endpoint.close());
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const { id } = await client.comparisons.start({
    prompts: [{ content: contentOf('Hi') }],
    models: ['lab/calls', 'lab/echo'],
    rows: [{}],
  });
  const counts = async () => {
    const cells = new Map<string, Cell>();
    for await (const event of await client.comparisons.watch({ id }))
      if (event.kind === 'cells') for (const cell of event.cells) cells.set(cell.runId, cell);
    return [...cells.values()].toSorted((a, b) => a.model - b.model).map((cell) => cell.toolCallCount);
  };
  expect(await counts()).toEqual([2, 0]);
  expect(await counts()).toEqual([2, 0]);
  await host.database
    .updateTable('runs')
    .set({ tool_call_count: 'x' as never })
    .execute();
  expect(await counts()).toEqual([0, 0]);
});
