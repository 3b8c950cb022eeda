import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { contentOf, eventually, finishedRun, openTestHost, temporaryFolder } from './testing/test-host.ts';

const child = fileURLToPath(new URL('./testing/host-child.ts', import.meta.url));

async function startChild() {
  const endpoint = await startScriptedEndpoint();
  const dataDir = await temporaryFolder();
  const process = fork(child, [dataDir, endpoint.baseUrl], { execArgv: [] });
  onTestFinished(async () => {
    process.kill('SIGKILL');
    await endpoint.close();
  });
  const [ids] = (await once(process, 'message')) as [{ run: string; comparison: string }];
  return { process, dataDir, ...ids };
}

test('what a killed host was doing is ended by the next one, and what had arrived is kept', async () => {
  const { process, dataDir, run, comparison } = await startChild();
  process.kill('SIGKILL');
  await once(process, 'exit');
  const { client } = await openTestHost(dataDir);
  const interrupted = await client.runs.get({ id: run });
  expect(interrupted).toMatchObject({
    status: 'failed',
    error: { code: 'unavailable', message: expect.stringContaining('stopped before') },
  });
  expect(interrupted.output.length).toBeGreaterThan(0);
  expect((await client.comparisons.get({ id: comparison })).status).toBe('finished');
  const cells = await client.runs.list({ comparisonId: comparison });
  expect(cells.items.map((cell) => cell.status)).toEqual(['failed', 'failed']);
});

test('a second host on the same file leaves the runs of the first alone, sees them go on, and can cancel them', async () => {
  const { dataDir, run } = await startChild();
  const { client } = await openTestHost(dataDir);
  const first = await client.runs.get({ id: run });
  expect(first.status).toBe('running');
  await eventually(async () => (await client.runs.get({ id: run })).output.length > first.output.length);
  const asked = performance.now();
  await client.runs.cancel({ id: run });
  const last = await finishedRun(client, run);
  expect(performance.now() - asked).toBeLessThan(2_000);
  expect(last).toMatchObject({ status: 'cancelled', error: null });
  expect(last.output.length).toBeGreaterThan(0);
});

test('a comparison of another process is watched as it grows, and cancelled with what still waits', async () => {
  const { dataDir, comparison } = await startChild();
  const { client } = await openTestHost(dataDir);
  await expect(client.comparisons.rerun({ id: comparison, cells: 'failed' })).rejects.toMatchObject({
    code: 'conflict',
  });
  const statuses = new Map<string, string>();
  let longest = 0;
  let cancelled = false;
  for await (const event of await client.comparisons.watch({ id: comparison })) {
    if (event.kind !== 'cells') continue;
    for (const cell of event.cells) {
      statuses.set(cell.runId, cell.status);
      if (longest > 0 && cell.outputLength > longest && !cancelled) {
        cancelled = true;
        await client.comparisons.cancel({ id: comparison });
      }
      longest = Math.max(longest, cell.outputLength);
    }
  }
  expect([...statuses.values()]).toEqual(['cancelled', 'cancelled']);
  expect((await client.comparisons.get({ id: comparison })).status).toBe('cancelled');
});

test('a run whose process was killed is cancelled by whoever asks for it', async () => {
  const { process, dataDir, run, comparison } = await startChild();
  const { client } = await openTestHost(dataDir);
  process.kill('SIGKILL');
  await once(process, 'exit');
  await client.runs.cancel({ id: run });
  expect(await client.runs.get({ id: run })).toMatchObject({ status: 'cancelled' });
  await client.comparisons.cancel({ id: comparison });
  const cells = await client.runs.list({ comparisonId: comparison });
  expect(cells.items.map((cell) => cell.status)).toEqual(['cancelled', 'cancelled']);
});

test('a window hears of what another process changes', async () => {
  const dataDir = await temporaryFolder();
  const { client } = await openTestHost(dataDir);
  const { client: other } = await openTestHost(dataDir);
  const heard = (async () => {
    for await (const change of await client.workspace.changes()) if (change.topic === 'prompts') return change;
    return null;
  })();
  await other.prompts.create({ name: 'from-elsewhere', content: contentOf('x') });
  expect(await heard).toMatchObject({ topic: 'prompts', ids: [] });
  expect((await client.prompts.list({})).items.map((prompt) => prompt.name)).toEqual(['from-elsewhere']);
});
