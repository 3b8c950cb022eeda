/**
 * `promptdev compare` of 1 000 cells against an endpoint that takes 20 ms per answer, 16 at a time, as a whole cold
 * process, less the time of `promptdev list` for starting: how far it is from the ideal, and its processor time per
 * cell.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentSchema } from '../src-core/contract/content.ts';
import type { Contract } from '../src-core/contract/index.ts';
import { startScriptedEndpoint } from '../src-host/engines/openai/testing/scripted-endpoint.ts';
import { openHost } from '../src-host/host/host.ts';
import { inProcessClient } from '../src-host/transports/serve-calls.ts';

const cells = 1_000;
const concurrency = 16;
const answerMs = 20;
const idealMs = (cells * answerMs) / concurrency;
const bound = 1.6;
const rounds = 3;

const bin = fileURLToPath(new URL('../bin/promptdev.mjs', import.meta.url));

/** The endpoint is a separate process, so that its work is not measured. */
async function serve(): Promise<void> {
  const endpoint = await startScriptedEndpoint();
  process.send?.(endpoint.baseUrl);
}

interface Took {
  readonly wallMs: number;
  /** User and system time, which the child reports at its exit. */
  readonly processorMs: number;
}

/** Runs the program to its end. */
async function promptdev(dataDir: string, args: readonly string[]): Promise<Took> {
  const usageFile = join(dataDir, 'bench-usage');
  const atExit = `data:text/javascript,${encodeURIComponent(
    `import { writeFileSync } from 'node:fs';
    process.on('exit', () => { const { user, system } = process.cpuUsage();
      writeFileSync(${JSON.stringify(usageFile)}, String((user + system) / 1000)); });`,
  )}`;
  const env = { ...process.env, PROMPTDEV_KEYRING: 'off', PROMPTDEV_DATA_DIR: dataDir };
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', atExit, bin, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const wallMs = performance.now() - started;
  if (code !== 0) throw new Error(`promptdev ${args[0]} ended with ${code}.`);
  return { wallMs, processorMs: Number(await readFile(usageFile, 'utf8')) };
}

async function prepare(dataDir: string, baseUrl: string): Promise<string> {
  process.env.PROMPTDEV_KEYRING = 'off';
  const host = await openHost({ dataDir, withoutSamples: true });
  const client = inProcessClient<Contract>(host.router, { clientId: 'bench', log: host.log });
  await client.models.addEndpoint({ name: 'bench', baseUrl, maxConcurrency: concurrency });
  await client.prompts.create({
    name: 'bench',
    content: contentSchema.parse({
      messages: [{ role: 'user', content: 'Row {{ number }}: the quick brown fox jumps over the lazy dog.' }],
      inputs: [{ name: 'number', type: 'number' }],
    }),
  });
  await host.close();
  const rows = join(dataDir, 'rows.json');
  await writeFile(rows, JSON.stringify(Array.from({ length: cells }, (_, number) => ({ number }))));
  return rows;
}

/** Prints wall time less that of `list` as a multiple of the ideal; the best of some rounds, because others use the machine too. */
export async function benchCompareProcess(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-bench-'));
  const child = fork(fileURLToPath(import.meta.url), ['--serve'], { execArgv: process.execArgv });
  try {
    const [baseUrl] = (await once(child, 'message')) as [string];
    const rows = await prepare(dataDir, baseUrl);
    console.log(`${cells} cells, concurrency ${concurrency}, ${answerMs} ms per answer: ideal ${idealMs} ms`);
    const compare = ['compare', 'bench', '--models', `bench/delay-${answerMs}`, '--rows', rows, '--json'];
    await promptdev(dataDir, ['list']);
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round += 1) {
      const list = await promptdev(dataDir, ['list']);
      const whole = await promptdev(dataDir, [...compare, '--concurrency', String(concurrency)]);
      const ratio = (whole.wallMs - list.wallMs) / idealMs;
      best = Math.min(best, ratio);
      console.log(
        `  round ${round + 1}: ${whole.wallMs.toFixed(0)} − ${list.wallMs.toFixed(0)} ms = ${ratio.toFixed(2)} × ideal; processor ${whole.processorMs.toFixed(0)} − ${list.processorMs.toFixed(0)} ms = ${((whole.processorMs - list.processorMs) / cells).toFixed(2)} ms per cell`,
      );
    }
    console.log(`  best ${best.toFixed(2)} × ideal: ${best <= bound ? 'within' : 'BEYOND'} ${bound}`);
  } finally {
    child.kill();
    await rm(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await (process.argv.includes('--serve') ? serve() : benchCompareProcess());
