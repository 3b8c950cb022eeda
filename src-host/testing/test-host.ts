import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Client } from '../../src-core/client/connection.ts';
import type { Run } from '../../src-core/contract/runs.ts';
import { type Host, openHost } from '../host/host.ts';
import { clientOf } from './host-clients.ts';

export { clientOf, contentOf } from './host-clients.ts';

process.env.PROMPTDEV_KEYRING = 'off';

export interface TestHost {
  readonly host: Host;
  readonly client: Client;
}

/** A folder that is gone when the test is. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promptdev-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A real host on a real file, closed when the test ends. */
export async function openTestHost(dataDir?: string): Promise<TestHost> {
  const host = await openHost({ dataDir: dataDir ?? (await temporaryFolder()), withoutSamples: true });
  onTestFinished(() => host.close());
  return { host, client: clientOf(host) };
}

/** Follows a run to its end. */
export async function finishedRun(client: Client, id: string): Promise<Run> {
  for await (const event of await client.runs.watch({ id })) if (event.kind === 'finished') return event.run;
  throw new Error(`The watch of run ${id} ended without a finished run.`);
}

/** Polls until `check` gives something; fails after fifteen seconds, or as many as are given. */
export async function eventually<Result>(
  check: () => Promise<Result | null | undefined | false>,
  limitMs = 15_000,
): Promise<Result> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`It did not come true within ${limitMs / 1_000} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
