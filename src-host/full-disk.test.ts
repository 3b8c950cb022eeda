import { describe, expect, onTestFinished, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import type { Cell } from '../src-core/contract/comparisons.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { openHost } from './host/host.ts';
import { failingDisk, smallDisk, type TestDisk, whyNoMount } from './testing/full-disk.ts';
import { clientOf, contentOf, eventually, finishedRun, openTestHost, temporaryFolder } from './testing/test-host.ts';

const noMount = whyNoMount();
const full = {
  code: 'unavailable',
  message: expect.stringMatching(/promptdev\.db is on a disk that is full\. Free some space/),
};

async function openOn(disk: TestDisk) {
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const opened = await openTestHost(disk.folder);
  await opened.client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl, maxRetries: 0, maxConcurrency: 64 });
  return { ...opened, endpoint };
}

const greeting = contentOf('Say hello to {{ name }}.', { inputs: [{ name: 'name', type: 'string' }] });
const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `n${index}` }));

/** Starts 60 cells and fills the disk once some of them are done. */
async function fillDuringComparison(disk: TestDisk, client: Client) {
  const { id } = await client.comparisons.start({
    prompts: [{ content: greeting }],
    models: ['lab/delay-20'],
    rows: rowsOf(60),
    concurrency: 4,
  });
  const cells = new Map<string, Cell>();
  const notes = new Set<string>();
  const watched = (async () => {
    for await (const event of await client.comparisons.watch({ id })) {
      if (event.kind === 'cells') for (const cell of event.cells) cells.set(cell.runId, cell);
      if (event.kind === 'totals' && event.note !== undefined) notes.add(event.note);
    }
  })();
  const answered = () => [...cells.values()].filter((cell) => cell.status === 'succeeded').length;
  await eventually(async () => answered() > 5);
  disk.fill();
  await eventually(async () => answered() === 60);
  return { id, cells, notes, watched };
}

describe.each([
  ['a stand-in that fails where a full disk does', async () => failingDisk(await temporaryFolder()), null],
  ['a small file system that is really full', async () => smallDisk(), noMount],
] as const)('%s', (_, makeDisk, whyNot) => {
  test.skipIf(whyNot !== null)(
    `answers that come while the disk is full wait, and are written when there is room${whyNot === null ? '' : ` (skipped: ${whyNot})`}`,
    async () => {
      const disk = await makeDisk();
      const { client } = await openOn(disk);
      const { id, notes, watched } = await fillDuringComparison(disk, client);
      expect((await client.runs.list({ comparisonId: id, status: 'succeeded' })).total).toBeLessThan(60);
      await eventually(async () => notes.size > 0);
      expect([...notes].join()).toMatch(/wait in memory.*promptdev\.db is on a disk that is full/);
      disk.empty();
      await watched;
      expect((await client.comparisons.get({ id })).status).toBe('finished');
      const stored = await client.runs.list({ comparisonId: id, status: 'succeeded', limit: 100 });
      expect(stored.total).toBe(60);
      expect(stored.items.every((run) => run.excerpt.startsWith('Say hello to n'))).toBe(true);
    },
  );

  test.skipIf(whyNot !== null)('every write says so, loses nothing, and works again once there is space', async () => {
    const disk = await makeDisk();
    const { client } = await openOn(disk);
    const prompt = await client.prompts.create({ name: 'kept', content: contentOf('before') });
    const { version, prompt: saved } = await client.versions.save({ promptId: prompt.id });
    const started = await client.runs.start({ content: contentOf('hello'), model: 'lab/echo' });
    const run = await finishedRun(client, started.id);
    disk.fill();
    // More than what a page that is there already could take.
    const big = contentOf('x'.repeat(150_000));
    const writes: Readonly<Record<string, () => Promise<unknown>>> = {
      saveDraft: () => client.prompts.saveDraft({ id: prompt.id, revision: saved.draft.revision, content: big }),
      create: () => client.prompts.create({ name: 'other', content: big }),
      label: () => client.labels.move({ promptId: prompt.id, name: 'staging', versionId: version.id }),
      start: () => client.runs.start({ content: contentOf('x'.repeat(50_000)), model: 'lab/echo' }),
      compare: () =>
        client.comparisons.start({ prompts: [{ content: big }], models: ['lab/echo'], rows: rowsOf(3_000) }),
      score: () => client.runs.score({ id: run.id, score: 1 }),
      rename: () => client.prompts.update({ id: prompt.id, changes: { title: 'T' } }),
      remove: () => client.runs.remove({ ids: [run.id] }),
    };
    for (const [name, write] of Object.entries(writes)) await expect(write(), name).rejects.toMatchObject(full);
    expect((await client.prompts.get({ id: prompt.id })).draft).toMatchObject({
      revision: saved.draft.revision,
      content: contentOf('before'),
    });
    disk.empty();
    expect(
      await client.prompts.saveDraft({ id: prompt.id, revision: saved.draft.revision, content: big }),
    ).toMatchObject({ revision: saved.draft.revision + 1 });
    expect((await client.comparisons.list({})).total).toBe(0);
    expect(await client.runs.get({ id: run.id })).toMatchObject({ output: 'hello' });
  });

  test.skipIf(whyNot !== null)('a run waits with a note, and cancelling and closing end all the same', async () => {
    const disk = await makeDisk();
    const { endpoint } = await openOn(disk);
    const host = await openHost({ dataDir: disk.folder, withoutSamples: true });
    const client = clientOf(host);
    const endless = await client.comparisons.start({
      prompts: [{ content: greeting }],
      models: ['lab/endless'],
      rows: rowsOf(20),
      concurrency: 4,
    });
    const run = await client.runs.start({ content: contentOf('hello'), model: 'lab/delay-300' });
    const notes: string[] = [];
    const watched = (async () => {
      for await (const event of await client.runs.watch({ id: run.id }))
        if (event.kind === 'status' && event.note !== null) notes.push(event.note);
    })();
    disk.fill();
    await eventually(async () => notes.some((note) => note.includes('disk that is full')));
    expect(await client.comparisons.cancel({ id: endless.id })).toEqual({ ok: true });
    await eventually(async () => endpoint.requests.filter((request) => request.body.model === 'endless').length > 0);
    await eventually(async () =>
      endpoint.requests.every((request) => request.body.model !== 'endless' || request.aborted),
    );
    const closing = performance.now();
    await host.close();
    expect(performance.now() - closing).toBeLessThan(8_000);
    await watched;
    disk.empty();
  });
});
