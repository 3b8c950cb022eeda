import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Contract } from '../src-core/contract/index.ts';
import { startScriptedEndpoint } from '../src-host/engines/openai/testing/scripted-endpoint.ts';
import { openHost } from '../src-host/host/host.ts';
import { inProcessClient } from '../src-host/transports/serve-calls.ts';

const count = 200_000;

/** An endpoint that lists 200 000 models: how long the list, a search and a page take, and how long the host stalls at most. */
export async function benchOffers(): Promise<void> {
  process.env.PROMPTDEV_KEYRING = 'off';
  // The endpoint is a separate process, so that making its list is not measured.
  const child = fork(fileURLToPath(import.meta.url), ['--serve'], { execArgv: process.execArgv });
  const dataDir = mkdtempSync(join(tmpdir(), 'promptdev-bench-offers-'));
  const host = await openHost({ dataDir, withoutSamples: true });
  try {
    const [baseUrl] = (await once(child, 'message')) as [string];
    const client = inProcessClient<Contract>(host.router, { clientId: 'bench', log: host.log });
    const { id } = await client.models.addEndpoint({ name: 'bench', baseUrl });
    const check = () => client.models.checkEndpoint({ id });
    await check();
    await measure('list of 200 000 models', check);
    await measure('search in them', () => client.models.listOffers({ id, query: 'model 77' }));
    await measure('a page of them', () => client.models.listOffers({ id, offset: 100_000, limit: 100 }));
  } finally {
    child.kill();
    await host.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
  await sleep(200);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  await work();
  const took = performance.now() - started;
  await sleep(20);
  delay.disable();
  console.log(`${name.padEnd(24)} ${took.toFixed(0).padStart(5)} ms, longest stall ${(delay.max / 1e6).toFixed(0)} ms`);
}

async function serve(): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => `vendor-${(index * 7_919) % count}/model-${index}`);
  const body = JSON.stringify({ object: 'list', data: ids.map((id) => ({ id, object: 'model', owned_by: 'bench' })) });
  const { baseUrl } = await startScriptedEndpoint({ list: { kind: 'raw', contentType: 'application/json', body } });
  process.send?.(baseUrl);
}

if (process.argv.includes('--serve')) await serve();
