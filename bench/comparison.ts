/**
 * A comparison of 1 000 cells against an endpoint that takes 20 ms per answer, 16 at a time: how far the host (render,
 * schedule, stream, persist) is from the ideal, and its memory.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '../src-core/client/connection.ts';
import { contentSchema } from '../src-core/contract/content.ts';
import type { Contract } from '../src-core/contract/index.ts';
import { startScriptedEndpoint } from '../src-host/engines/openai/testing/scripted-endpoint.ts';
import { openHost } from '../src-host/host/host.ts';
import { inProcessClient } from '../src-host/transports/serve-calls.ts';

const cells = 1_000;
const concurrency = 16;
const answerMs = 20;
const idealMs = (cells * answerMs) / concurrency;
const rounds = 3;
const idleMs = 4_000;

/** The endpoint is a separate process, so that its work is not measured. */
async function serve(): Promise<void> {
  const endpoint = await startScriptedEndpoint();
  process.send?.(endpoint.baseUrl);
}

/** Prints wall time against the ideal, and the peak of the host's resident memory. */
export async function benchComparison(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-bench-'));
  const child = fork(fileURLToPath(import.meta.url), ['--serve'], { execArgv: process.execArgv });
  const host = await openHost({ dataDir, withoutSamples: true, stays: true });
  try {
    const [baseUrl] = (await once(child, 'message')) as [string];
    const client = inProcessClient<Contract>(host.router, { clientId: 'bench', log: host.log });
    await client.models.addEndpoint({ name: 'bench', baseUrl, maxConcurrency: concurrency });
    console.log(`${cells} cells, concurrency ${concurrency}, ${answerMs} ms per answer: ideal ${idealMs} ms`);
    // The first round is the first work of this process, after an idle time as before a person starts one.
    await sleep(idleMs);
    for (let round = 0; round < rounds; round += 1) await measure(client, round);
  } finally {
    child.kill();
    await host.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Runs a comparison of so many cells and follows it as a window does. */
async function compare(client: Client, count: number): Promise<string> {
  const content = contentSchema.parse({
    messages: [{ role: 'user', content: 'Row {{ number }}: the quick brown fox jumps over the lazy dog.' }],
    inputs: [{ name: 'number', type: 'number' }],
  });
  const rows = Array.from({ length: count }, (_, number) => ({ number }));
  const { id } = await client.comparisons.start({
    prompts: [{ content, name: 'bench' }],
    models: [`bench/delay-${answerMs}`],
    rows,
    concurrency,
  });
  for await (const _ of await client.comparisons.watch({ id })) {
    // Watching is part of the cost of a window.
  }
  return id;
}

async function measure(client: Client, round: number): Promise<void> {
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const started = performance.now();
  const id = await compare(client, cells);
  const elapsed = performance.now() - started;
  clearInterval(sampler);
  const { total } = await client.runs.list({ comparisonId: id, status: 'succeeded', limit: 1 });
  console.log(
    `  round ${round + 1}: ${elapsed.toFixed(0)} ms = ${(elapsed / idealMs).toFixed(2)} × ideal, ${total} runs on disk, peak ${(peak / 2 ** 20).toFixed(0)} MiB`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await (process.argv.includes('--serve') ? serve() : benchComparison());
