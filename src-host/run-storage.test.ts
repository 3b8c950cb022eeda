import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { contentOf, eventually, finishedRun, openTestHost, temporaryFolder } from './testing/test-host.ts';

const words = (count: number, length: number) => `${'x'.repeat(length - 1)} `.repeat(count).trim();
const models = {
  novel: { kind: 'answer', text: words(300, 2_000) },
  shelf: { kind: 'answer', text: words(6_500, 2_000) },
  'slow-novel': { kind: 'answer', text: words(20_000, 1_000), chunkDelayMs: 2 },
} as const;

async function openLab(dataDir?: string) {
  const endpoint = await startScriptedEndpoint({ models });
  onTestFinished(() => endpoint.close());
  const opened = await openTestHost(dataDir);
  await opened.client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl, maxRetries: 0 });
  return { ...opened, endpoint };
}

test('a long answer is stored in pieces, watched in slices, read whole, and deleted with its run', async () => {
  const { client, host } = await openLab();
  const { id } = await client.runs.start({ content: contentOf('go on'), model: 'lab/novel' });
  let shown = '';
  let longest = 0;
  for await (const event of await client.runs.watch({ id })) {
    if (event.kind !== 'delta') continue;
    shown = shown.slice(0, event.offset) + event.text;
    longest = Math.max(longest, event.text.length);
  }
  const run = await client.runs.get({ id });
  expect(run.output).toBe(models.novel.text);
  expect(models.novel.text.startsWith(shown)).toBe(true);
  expect(longest).toBeLessThanOrEqual(131_072);
  expect(run.excerpt).toBe(models.novel.text.slice(0, 240));
  const rows = await host.database.selectFrom('run_texts').select('start').execute();
  expect(rows.length).toBeGreaterThan(10);
  const replayed: string[] = [];
  for await (const event of await client.runs.watch({ id, after: 100_000 }))
    if (event.kind === 'delta') replayed.push(event.text);
  expect(replayed.join('')).toBe(models.novel.text.slice(100_000));
  await client.runs.remove({ ids: [id] });
  expect(await host.database.selectFrom('run_texts').select('start').execute()).toEqual([]);
  expect(await host.database.selectFrom('contents').select('hash').execute()).toEqual([]);
});

test('an answer without an end is stopped at the limit with a sentence, and what had come is kept', async () => {
  const { client } = await openLab();
  const { id } = await client.runs.start({ content: contentOf('go on'), model: 'lab/shelf' });
  const run = await finishedRun(client, id);
  expect(run).toMatchObject({
    status: 'failed',
    error: { code: 'unavailable', message: expect.stringContaining('grew beyond 12 million characters') },
  });
  expect(run.output).toBe(models.shelf.text.slice(0, 12_000_000));
});

test('a kill loses at most what came since the last checkpoint of a long answer', { timeout: 30_000 }, async () => {
  const endpoint = await startScriptedEndpoint({ models });
  const dataDir = await temporaryFolder();
  const child = fork(
    fileURLToPath(new URL('./testing/host-child.ts', import.meta.url)),
    [dataDir, endpoint.baseUrl, 'slow-novel'],
    { execArgv: [] },
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await endpoint.close();
  });
  const [{ run, arrived }] = (await once(child, 'message')) as [{ run: string; arrived: number }];
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { client } = await openTestHost(dataDir);
  const { output } = await client.runs.get({ id: run });
  expect(arrived).toBeGreaterThanOrEqual(100_000);
  expect(output.length).toBeGreaterThanOrEqual(arrived);
  expect(models['slow-novel'].text.startsWith(output)).toBe(true);
});

test('an output that was finished just before a kill is searchable after the next start', {
  timeout: 20_000,
}, async () => {
  const dataDir = await temporaryFolder();
  const first = await openLab(dataDir);
  const { id } = await first.client.runs.start({ content: contentOf('unmistakable'), model: 'lab/echo' });
  await finishedRun(first.client, id);
  // A kill leaves the file as it is now.
  const file = new SqliteDatabase(join(dataDir, 'promptdev.db'));
  expect(file.prepare("SELECT count(*) FROM search_documents WHERE kind = 'run'").pluck().get()).toBe(0);
  const copy = await temporaryFolder();
  file.prepare('VACUUM INTO ?').run(join(copy, 'promptdev.db'));
  file.close();
  const { client } = await openTestHost(copy);
  const deadline = performance.now() + 10_000;
  let found = 0;
  while (found === 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    found = (await client.runs.list({ search: 'unmistakable' })).total;
  }
  expect(found).toBe(1);
});

test('what a kill left of a comparison that was being stored is shown to nobody and deleted', {
  timeout: 20_000,
}, async () => {
  const dataDir = await temporaryFolder();
  const first = await openLab(dataDir);
  const { id } = await first.client.comparisons.start({
    prompts: [{ content: contentOf('hello') }],
    models: ['lab/echo'],
    rows: [{}, {}, {}],
  });
  await eventually(async () => (await first.client.comparisons.get({ id })).status === 'finished');
  await first.host.database
    .updateTable('comparisons')
    .set({ whole: 0, host_id: 'gone' })
    .where('id', '=', id)
    .execute();
  expect((await first.client.comparisons.list({})).total).toBe(0);
  await expect(first.client.comparisons.get({ id })).rejects.toMatchObject({ code: 'not_found' });
  const { host } = await openTestHost(dataDir);
  const deadline = performance.now() + 10_000;
  let left = 3;
  while (left > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    left = (await host.database.selectFrom('runs').select('id').execute()).length;
  }
  expect(left).toBe(0);
  await eventually(async () => (await host.database.selectFrom('comparisons').select('id').execute()).length === 0);
});

test('1 600 cells are cancelled, on disk, in a moment', { timeout: 30_000 }, async () => {
  const { client } = await openLab();
  const { id } = await client.comparisons.start({
    prompts: [{ content: contentOf('hello') }],
    models: ['lab/endless'],
    rows: Array.from({ length: 1_600 }, () => ({})),
    concurrency: 16,
  });
  await eventually(async () => (await client.runs.list({ comparisonId: id })).total === 1_600);
  await client.comparisons.cancel({ id });
  await eventually(async () => (await client.runs.list({ comparisonId: id, status: 'cancelled' })).total === 1_600);
  await eventually(async () => (await client.comparisons.get({ id })).status === 'cancelled');
});

test('deleting a prompt for good deletes its contents, but not what a run or another prompt has', async () => {
  const { client, host } = await openLab();
  const hashes = async () =>
    (await host.database.selectFrom('contents').select('body').execute())
      .map(({ body }) => /"content":"(\w+)"/.exec(body)?.[1])
      .sort();
  const a = await client.prompts.create({ name: 'a', content: contentOf('lonely') });
  await client.versions.save({ promptId: a.id });
  for (const text of ['shared', 'ran']) {
    const { draft } = await client.prompts.get({ id: a.id });
    await client.prompts.saveDraft({ id: a.id, revision: draft.revision, content: contentOf(text) });
    await client.versions.save({ promptId: a.id });
  }
  const { id } = await client.runs.start({ promptId: a.id, model: 'lab/echo' });
  await finishedRun(client, id);
  const b = await client.prompts.create({ name: 'b', content: contentOf('shared') });
  await client.versions.save({ promptId: b.id });
  await client.prompts.setStatus({ ids: [a.id], status: 'trashed' });
  await client.prompts.purge({ ids: [a.id] });
  expect(await hashes()).toEqual(['ran', 'shared']);
  expect((await client.runs.get({ id })).content).toEqual(contentOf('ran'));
  await client.runs.remove({ ids: [id] });
  expect(await hashes()).toEqual(['shared']);
});
