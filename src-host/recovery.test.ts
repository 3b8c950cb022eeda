import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { openHost } from './host/host.ts';
import { clientOf, contentOf, eventually, finishedRun, openTestHost, temporaryFolder } from './testing/test-host.ts';

const child = fileURLToPath(new URL('./testing/host-child.ts', import.meta.url));

const stayingChild = fileURLToPath(new URL('./testing/staying-child.ts', import.meta.url));

/** A model that takes a moment for each answer. */
const ticking = { models: { tick: { kind: 'answer', text: 'tick tack tick tack', chunkDelayMs: 60 } } } as const;

async function startChild(cells: 'endless' | 'tick' = 'endless', leaseMs?: number) {
  const endpoint = await startScriptedEndpoint(ticking);
  const dataDir = await temporaryFolder();
  const args = [dataDir, endpoint.baseUrl, 'endless', cells, ...(leaseMs === undefined ? [] : [String(leaseMs)])];
  const process = fork(child, args, { execArgv: [] });
  onTestFinished(async () => {
    process.kill('SIGKILL');
    await endpoint.close();
  });
  const [ids] = (await once(process, 'message')) as [{ run: string; comparison: string }];
  return { process, dataDir, endpoint, ...ids };
}

/** Stops a host as sleep does, but not in the midst of a write: it would keep all others from writing, who sleep with it. */
async function putToSleep(process: ChildProcess, dataDir: string): Promise<void> {
  await eventually(async () => {
    process.kill('SIGSTOP');
    const sqlite = new SqliteDatabase(join(dataDir, 'promptdev.db'), { timeout: 0 });
    try {
      sqlite.exec('BEGIN IMMEDIATE; ROLLBACK');
      return true;
    } catch {
      process.kill('SIGCONT');
      return false;
    } finally {
      sqlite.close();
    }
  });
}

/** What the time does to the lease of a host that does not renew it, without the time. */
function endLeases(dataDir: string): void {
  const sqlite = new SqliteDatabase(join(dataDir, 'promptdev.db'));
  sqlite.prepare('UPDATE hosts SET lease_until = ?').run(new Date(Date.now() - 1_000).toISOString());
  sqlite.close();
}

/** A host with which somebody stays, closed when the test ends; it renews its lease often. */
async function openStayingHost(dataDir: string) {
  const host = await openHost({ dataDir, withoutSamples: true, stays: true, lease: { leaseMs: 3_000, renewMs: 300 } });
  onTestFinished(() => host.close());
  return { host, client: clientOf(host) };
}

test('a run that a killed host was doing is ended by the next one, and what had arrived is kept', async () => {
  const { process, dataDir, run } = await startChild();
  process.kill('SIGKILL');
  await once(process, 'exit');
  endLeases(dataDir);
  const { client } = await openTestHost(dataDir);
  const interrupted = await client.runs.get({ id: run });
  expect(interrupted).toMatchObject({
    status: 'failed',
    error: { code: 'unavailable', message: expect.stringContaining('stopped before') },
  });
  expect(interrupted.output.length).toBeGreaterThan(0);
});

test('a killed host counts as there until its lease is over, whatever becomes of its process', async () => {
  const { process, dataDir, run } = await startChild();
  process.kill('SIGKILL');
  await once(process, 'exit');
  const { client } = await openTestHost(dataDir);
  expect((await client.runs.get({ id: run })).status).toBe('running');
});

test('a comparison that a killed host had begun is gone on with, and nothing that was finished is asked again', async () => {
  const { process, dataDir, comparison, endpoint } = await startChild('tick');
  await eventually(async () => endpoint.requests.filter(({ body }) => body.model === 'tick').length >= 3);
  process.kill('SIGKILL');
  await once(process, 'exit');
  endLeases(dataDir);
  const finished = readCells(dataDir, comparison).filter(({ status }) => status === 'succeeded');
  const asked = endpoint.requests.length;
  const { client } = await openStayingHost(dataDir);
  await eventually(async () => (await client.comparisons.get({ id: comparison })).status === 'finished', 30_000);
  const cells = readCells(dataDir, comparison);
  expect(cells.map(({ status }) => status)).toEqual(cells.map(() => 'succeeded'));
  // What was finished stands as it was; the rest was asked once each.
  for (const cell of finished) expect(cells).toContainEqual(cell);
  expect(endpoint.requests.length - asked).toBe(cells.length - finished.length);
});

test('a comparison that was cancelled just before its host was killed is not gone on with', async () => {
  const { process, dataDir, comparison, endpoint } = await startChild('tick');
  const { client: other } = await openTestHost(dataDir);
  // Its host is killed before it hears of it.
  await putToSleep(process, dataDir);
  await other.comparisons.cancel({ id: comparison });
  process.kill('SIGKILL');
  await once(process, 'exit');
  endLeases(dataDir);
  const asked = endpoint.requests.length;
  const { client } = await openStayingHost(dataDir);
  await eventually(async () => readCells(dataDir, comparison).every(({ finished_at }) => finished_at !== null));
  expect((await client.comparisons.get({ id: comparison })).status).toBe('cancelled');
  expect(endpoint.requests.length).toBe(asked);
  // Run again, its cells are asked: who cancelled it before did not mean that.
  const [first] = readCells(dataDir, comparison);
  await client.comparisons.rerun({ id: comparison, cells: [first!.id] });
  await eventually(async () => (await client.comparisons.get({ id: comparison })).status === 'finished');
  expect(endpoint.requests.length).toBe(asked + 1);
});

test('a host that slept asks nothing that another one has finished meanwhile', async () => {
  const { process, dataDir, comparison, endpoint } = await startChild('tick', 1_500);
  await putToSleep(process, dataDir);
  const { client } = await openStayingHost(dataDir);
  await eventually(async () => (await client.comparisons.get({ id: comparison })).status === 'finished', 30_000);
  const cells = readCells(dataDir, comparison);
  const asked = endpoint.requests.length;
  process.kill('SIGCONT');
  await eventually(async () => isThere(dataDir, 2));
  // Long enough for what it still had in mind.
  await sleep(1_000);
  expect(endpoint.requests.length).toBe(asked);
  expect(readCells(dataDir, comparison)).toEqual(cells);
});

/** Whether so many hosts hold a lease. */
function isThere(dataDir: string, hosts: number): boolean {
  const sqlite = new SqliteDatabase(join(dataDir, 'promptdev.db'), { readonly: true });
  const now = new Date().toISOString();
  const count = sqlite.prepare('SELECT count(*) FROM hosts WHERE lease_until >= ?').pluck().get(now);
  sqlite.close();
  return count === hosts;
}

test('cells that two windows run again at once are asked once each', async () => {
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const { host, client } = await openTestHost();
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const { id } = await client.comparisons.start({
    prompts: [{ content: contentOf('go on') }],
    models: ['lab/echo'],
    rows: Array.from({ length: 6 }, () => ({})),
  });
  const isFinished = async () => (await client.comparisons.get({ id })).status === 'finished';
  await eventually(isFinished);
  const ids = readCells(host.dataDir, id).map((cell) => cell.id);
  await Promise.all([1, 2, 3].map(() => client.comparisons.rerun({ id, cells: ids })));
  await eventually(isFinished);
  expect(readCells(host.dataDir, id).map(({ status }) => status)).toEqual(Array(6).fill('succeeded'));
  expect(endpoint.requests.length).toBe(12);
});

test('what a killed host had half stored of a comparison is deleted by one that is there, once the lease is over', async () => {
  const { process, dataDir, comparison } = await startChild();
  process.kill('SIGKILL');
  await once(process, 'exit');
  const sqlite = new SqliteDatabase(join(dataDir, 'promptdev.db'));
  // As it is before the last of its writes.
  sqlite.prepare('UPDATE comparisons SET whole = 0 WHERE id = ?').run(comparison);
  sqlite.prepare('DELETE FROM jobs WHERE target_id = ?').run(comparison);
  sqlite.close();
  const { client } = await openStayingHost(dataDir);
  expect((await client.comparisons.list({})).total).toBe(0);
  expect(readCells(dataDir, comparison)).toHaveLength(2);
  endLeases(dataDir);
  await eventually(async () => readCells(dataDir, comparison).length === 0);
});

test('a command that comes and goes takes nothing up', async () => {
  const { process, dataDir, comparison, endpoint } = await startChild('tick');
  process.kill('SIGKILL');
  await once(process, 'exit');
  endLeases(dataDir);
  const asked = endpoint.requests.length;
  const { client } = await openTestHost(dataDir);
  expect((await client.comparisons.get({ id: comparison })).status).toBe('running');
  expect(endpoint.requests.length).toBe(asked);
});

test('what a host that closes leaves of a comparison, the next one that stays goes on with', async () => {
  const endpoint = await startScriptedEndpoint(ticking);
  onTestFinished(() => endpoint.close());
  const dataDir = await temporaryFolder();
  const first = await openHost({ dataDir, withoutSamples: true });
  const client = clientOf(first);
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const { id } = await client.comparisons.start({
    prompts: [{ content: contentOf('go on') }],
    models: ['lab/tick'],
    rows: Array.from({ length: 6 }, () => ({})),
    concurrency: 2,
  });
  await eventually(async () => endpoint.requests.length >= 3);
  await first.close();
  expect(readCells(dataDir, id).map(({ status }) => status)).not.toContain('cancelled');
  const { client: next } = await openStayingHost(dataDir);
  await eventually(async () => (await next.comparisons.get({ id })).status === 'finished', 30_000);
  expect(readCells(dataDir, id).map(({ status }) => status)).toEqual(Array(6).fill('succeeded'));
});

test('of two hosts that are there, one takes a lost comparison up', { timeout: 60_000 }, async () => {
  const { process, dataDir, comparison, endpoint } = await startChild('tick');
  process.kill('SIGKILL');
  await once(process, 'exit');
  endLeases(dataDir);
  const left = readCells(dataDir, comparison).filter(({ status }) => status !== 'succeeded').length;
  const asked = endpoint.requests.length;
  const others = [1, 2].map(() => fork(stayingChild, [dataDir], { execArgv: [] }));
  onTestFinished(() => others.forEach((other) => void other.kill('SIGKILL')));
  await Promise.all(others.map((other) => once(other, 'message')));
  const { client } = await openTestHost(dataDir);
  await eventually(async () => (await client.comparisons.get({ id: comparison })).status === 'finished', 30_000);
  expect(endpoint.requests.length - asked).toBe(left);
});

interface StoredCell {
  readonly id: string;
  readonly status: string;
  readonly output: string;
  readonly finished_at: string | null;
}

function readCells(dataDir: string, comparison: string): StoredCell[] {
  const sqlite = new SqliteDatabase(join(dataDir, 'promptdev.db'), { readonly: true });
  const cells = sqlite
    .prepare('SELECT id, status, output, finished_at FROM runs WHERE comparison_id = ? AND superseded = 0 ORDER BY seq')
    .all(comparison) as StoredCell[];
  sqlite.close();
  return cells;
}

test('a second host on the same file leaves the runs of the first alone, sees them go on, and can cancel them', async () => {
  const { dataDir, run } = await startChild();
  const { client } = await openTestHost(dataDir);
  const first = await client.runs.get({ id: run });
  expect(first.status).toBe('running');
  await eventually(async () => (await client.runs.get({ id: run })).output.length > first.output.length);
  await client.runs.cancel({ id: run });
  const last = await finishedRun(client, run);
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

test('a run whose process was killed is cancelled by whoever asks for it once the lease is over', async () => {
  const { process, dataDir, run, comparison } = await startChild();
  const { client } = await openTestHost(dataDir);
  process.kill('SIGKILL');
  await once(process, 'exit');
  endLeases(dataDir);
  await client.comparisons.cancel({ id: comparison });
  const cells = await client.runs.list({ comparisonId: comparison });
  expect(cells.items.map((cell) => cell.status)).toEqual(['cancelled', 'cancelled']);
  expect((await client.comparisons.get({ id: comparison })).status).toBe('cancelled');
  await client.runs.cancel({ id: run });
  expect(['cancelled', 'failed']).toContain((await client.runs.get({ id: run })).status);
});

test('a host that slept is written off by the next one, takes its lease and its runs again, and goes on', async () => {
  const { process, dataDir, run, comparison } = await startChild();
  await putToSleep(process, dataDir);
  endLeases(dataDir);
  const { client } = await openTestHost(dataDir);
  expect(await client.runs.get({ id: run })).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
  process.kill('SIGCONT');
  const back = await eventually(async () => {
    const found = await client.runs.get({ id: run });
    return found.status === 'running' && found.error === null && found.finishedAt === null && found;
  }, 15_000);
  await eventually(async () => (await client.runs.get({ id: run })).output.length > back.output.length);
  expect((await client.comparisons.get({ id: comparison })).status).toBe('running');
  const cells = await client.runs.list({ comparisonId: comparison });
  expect(cells.items.map((cell) => cell.status).sort()).toEqual(['queued', 'running']);
  await client.runs.cancel({ id: run });
  expect(await finishedRun(client, run)).toMatchObject({ status: 'cancelled', error: null });
});

test('what was cancelled while its host slept is not gone on with when it wakes', async () => {
  const { process, dataDir, run, comparison } = await startChild();
  const { client } = await openTestHost(dataDir);
  await putToSleep(process, dataDir);
  endLeases(dataDir);
  await client.runs.cancel({ id: run });
  await client.comparisons.cancel({ id: comparison });
  const { output } = await client.runs.get({ id: run });
  process.kill('SIGCONT');
  await eventually(async () => {
    const sqlite = new SqliteDatabase(join(dataDir, 'promptdev.db'), { readonly: true });
    const open = sqlite.prepare('SELECT count(*) FROM cancel_requests').pluck().get();
    sqlite.close();
    return open === 0;
  }, 15_000);
  await eventually(async () => (await client.runs.get({ id: run })).status === 'cancelled');
  const cells = await client.runs.list({ comparisonId: comparison });
  expect(cells.items.map((cell) => cell.status)).toEqual(['cancelled', 'cancelled']);
  expect((await client.runs.get({ id: run })).output.startsWith(output)).toBe(true);
});

test('the runs of a host that was killed are closed by one that is open already', async () => {
  const { process, dataDir, run } = await startChild();
  const { client } = await openStayingHost(dataDir);
  process.kill('SIGKILL');
  await once(process, 'exit');
  await eventually(async () => (await client.runs.get({ id: run })).status === 'failed', 30_000);
});

test('a window hears of what another process changes', async () => {
  const dataDir = await temporaryFolder();
  const { client } = await openTestHost(dataDir);
  const { client: other } = await openTestHost(dataDir);
  const heard = (async () => {
    for await (const change of await client.workspace.changes()) if (change.topic === 'prompts') return change;
    return null;
  })();
  const { id } = await other.prompts.create({ name: 'from-elsewhere', content: contentOf('x') });
  expect(await heard).toEqual({ topic: 'prompts', ids: [id], kind: 'changed', origin: 'test' });
  expect((await client.prompts.list({})).items.map((prompt) => prompt.name)).toEqual(['from-elsewhere']);
});

test('hosts that are open, renew their leases, read and close are no changes for a window', async () => {
  const dataDir = await temporaryFolder();
  const { client } = await openTestHost(dataDir);
  const heard: unknown[] = [];
  const quiet = new AbortController();
  const listening = (async () => {
    for await (const change of await client.workspace.changes(undefined, { signal: quiet.signal })) heard.push(change);
  })().catch(() => undefined);
  const other = await openHost({ dataDir, withoutSamples: true });
  await clientOf(other).prompts.list({});
  await clientOf(other).workspace.info();
  // As a renewal does, which comes every few seconds.
  await other.database.updateTable('hosts').set({ lease_until: '2999-01-01T00:00:00.000Z' }).execute();
  await other.close();
  // What comes after all that is heard, and nothing before it.
  const last = await openHost({ dataDir, withoutSamples: true });
  const changed = eventually(async () => heard.length > 0);
  await clientOf(last).labels.protect({ name: 'frozen', protected: true });
  await changed;
  await last.close();
  quiet.abort();
  await listening;
  expect(heard).toEqual([{ topic: 'settings', ids: ['protectedLabels'], kind: 'changed', origin: 'test' }]);
});
