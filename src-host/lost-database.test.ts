import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { contentOf, eventually, openTestHost, temporaryFolder } from './testing/test-host.ts';

const rows = Array.from({ length: 200 }, (_, index) => ({ name: `n${index}` }));

/** A comparison of many cells that is under way, one cell at a time. */
async function startComparison() {
  const dataDir = await temporaryFolder();
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const { client } = await openTestHost(dataDir);
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl, maxRetries: 0, maxConcurrency: 8 });
  const { id } = await client.comparisons.start({
    prompts: [{ content: contentOf('Say hello to {{ name }}.', { inputs: [{ name: 'name', type: 'string' }] }) }],
    models: ['lab/delay-20'],
    rows,
    concurrency: 1,
  });
  const notes = notesOf(client, id);
  await eventually(async () => endpoint.requests.length > 3);
  return { client, endpoint, id, notes, file: join(dataDir, 'promptdev.db') };
}

function notesOf(client: Client, id: string): ReadonlySet<string> {
  const notes = new Set<string>();
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  void (async () => {
    const events = await client.comparisons.watch({ id }, { signal: controller.signal });
    for await (const event of events) if (event.kind === 'totals' && event.note !== undefined) notes.add(event.note);
  })().catch(() => undefined);
  return notes;
}

test('a comparison whose database was deleted asks nothing more, says so, and can be cancelled', async () => {
  const { client, endpoint, id, notes, file } = await startComparison();
  for (const part of [file, `${file}-wal`, `${file}-shm`]) await rm(part);
  await eventually(async () => [...notes].some((note) => note.includes('Nothing more is asked until then.')));
  expect([...notes].join()).toContain('was deleted or moved away');
  const asked = endpoint.requests.length;
  expect(asked).toBeLessThan(rows.length);
  // Long enough for several looks at the file, each of which could ask again.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(endpoint.requests.length).toBe(asked);
  expect(await client.comparisons.cancel({ id })).toEqual({ ok: true });
});

test('a comparison goes on once its database is put back', async () => {
  const { client, endpoint, id, notes, file } = await startComparison();
  await rename(file, `${file}.elsewhere`);
  await eventually(async () => [...notes].some((note) => note.includes('Nothing more is asked until then.')));
  const asked = endpoint.requests.length;
  await rename(`${file}.elsewhere`, file);
  await eventually(async () => endpoint.requests.length > asked + 3);
  await client.comparisons.cancel({ id });
  await eventually(async () => (await client.comparisons.get({ id })).status === 'cancelled');
  await eventually(async () => (await client.runs.list({ comparisonId: id, status: 'succeeded' })).total >= asked);
});
