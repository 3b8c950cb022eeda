/**
 * Kills hosts at random moments (SIGKILL) while they edit, save, move labels, tag, run and compare, two at once now and
 * then, and looks into the file after each: nothing that was acknowledged may be lost, nothing that is finished may change or
 * be asked again, and what was begun is finished in the end. `PROMPTDEV_BENCH_KILLS` sets how many (1 000).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { type ScriptedEndpoint, startScriptedEndpoint } from '../src-host/engines/openai/testing/scripted-endpoint.ts';
import type { Asked } from './kills/check-cells.ts';
import type { Order, Report } from './kills/child.ts';
import { createLedger, type Ledger, openIn } from './kills/ledger.ts';

const kills = Number(process.env.PROMPTDEV_BENCH_KILLS ?? 1_000);
/** Longest waits before a kill, milliseconds: while a host opens, once it works, and once it has begun something. */
const longest = { opening: 1_000, working: 700, begun: 15 };
/** Shares of sessions that are killed while they open, and at something that they have begun. */
const shares = { opening: 0.25, begun: 0.4, together: 0.3, asleep: 0.4 };
/** What is begun seldom or is over soon is aimed at. */
const aims = ['compare', 'compare', 'rerun', 'cancel', 'label', 'version', 'tags', 'run'] as const;
/** How long what was begun may take to end once nobody is killed any more. */
const endMs = 60_000;

interface Session {
  readonly number: number;
  readonly process: ChildProcess;
  /** What it has begun and was not acknowledged yet. */
  begun: string | null;
}

/** A run that has found so much wrong ends early. */
const mostProblems = 20;

/** Prints kills, acknowledged writes and what is wrong; the process fails when anything is. */
export async function benchKills(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'promptdev-kills-'));
  const endpoint = await startScriptedEndpoint({ models: { tick: { kind: 'answer', chunkDelayMs: 8 } } });
  const [childFile, removeChild] = await bundleChild();
  const started = performance.now();
  try {
    const found = await killAll(folder, childFile, endpoint);
    console.log(`  in ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
    if (found.length > 0) process.exitCode = 1;
  } finally {
    await endpoint.close();
    await removeChild();
    if (process.exitCode === 1) console.log(`  the file is kept in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

/** One file instead of hundreds, because it is loaded a thousand times; the code is the product's own. */
async function bundleChild(): Promise<readonly [string, () => Promise<void>]> {
  const outDir = await mkdtemp(join(process.cwd(), 'node_modules/.kills-child-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: fileURLToPath(new URL('./kills/child.ts', import.meta.url)), outDir, emptyOutDir: false },
    ssr: { external: ['better-sqlite3', 'node-llama-cpp', '@napi-rs/keyring'], noExternal: true },
  });
  return [join(outDir, 'child.js'), () => rm(outDir, { recursive: true, force: true })];
}

async function killAll(folder: string, childFile: string, endpoint: ScriptedEndpoint): Promise<readonly string[]> {
  const ledger = createLedger();
  const dataDir = join(folder, 'data');
  const hits = new Map<string, number>();
  const problems: string[] = [];
  const asked = newRequests(endpoint);
  const running: Session[] = [];
  let number = 0;
  let openMs = longest.opening;
  const start = async (): Promise<Session> => {
    number += 1;
    const process = startChild(childFile, folder);
    const session: Session = { number, process, begun: null };
    await once(process, 'message');
    process.on('message', (report: Report) => {
      ledger.hear(report);
      if (report.kind === 'begun') session.begun = report.what;
      if (report.kind === 'done' || report.kind === 'conflict') session.begun = null;
      if (report.kind === 'open') session.begun = null;
    });
    return session;
  };
  let next = start();
  try {
    for (let kill = 1; kill <= kills; ) {
      const session = await next;
      next = start();
      session.begun = 'open';
      const sentAt = performance.now();
      const unanswered = ledger.unanswered();
      session.process.send({
        dataDir,
        baseUrl: endpoint.baseUrl,
        session: session.number,
        unanswered: Math.random() < 0.5 ? unanswered : null,
        onlyStays: false,
      } satisfies Order);
      running.push(session);
      await untilItsTime(session, openMs, (ms) => {
        openMs = (openMs * 7 + (ms - sentAt)) / 8;
      });
      // The oldest is killed, now and then with another one beside it.
      if (running.length === 1 && Math.random() < shares.together) continue;
      const victim = running.shift()!;
      if (running.length > 0 && Math.random() < shares.asleep) await fallAsleep(victim);
      await killOne(victim);
      const where = victim.begun ?? 'between';
      hits.set(where, (hits.get(where) ?? 0) + 1);
      const found = ledger.inspect(dataDir, asked());
      for (const problem of found.slice(0, 5)) console.log(`  LOST: kill ${kill}, at ${where}: ${problem}`);
      problems.push(...found);
      if (kill % 50 === 0 || kill === kills)
        console.log(
          `  ${kill} kills, ${ledger.acknowledged()} acknowledged writes, ${ledger.finishedCells()} finished cells, ${ledger.conflicts()} conflicts, ${problems.length} lost`,
        );
      if (problems.length > mostProblems) return problems;
      kill += 1;
    }
    for (const session of running.splice(0)) await killOne(session);
    const left = await finishAll(await next, ledger, dataDir, endpoint, asked);
    for (const problem of left) console.log(`  LOST: in the end: ${problem}`);
    problems.push(...left);
    const moments = [...hits].sort((a, b) => b[1] - a[1]).map(([where, count]) => `${where} ${count}`);
    console.log(`  killed at: ${moments.join(', ')}`);
    return problems;
  } finally {
    for (const session of running) session.process.kill('SIGKILL');
    (await next).process.kill('SIGKILL');
  }
}

function startChild(childFile: string, folder: string): ChildProcess {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') };
  return fork(childFile, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** Waits for a random moment in the life of a session; `opened` is told when it had opened. */
async function untilItsTime({ process }: Session, openMs: number, opened: (at: number) => void): Promise<void> {
  const dice = Math.random();
  if (dice < shares.opening) return sleep(Math.random() * openMs * 1.2);
  await nextReport(process, ({ kind }) => kind === 'open');
  opened(performance.now());
  if (dice >= shares.opening + shares.begun) return sleep(Math.random() * longest.working);
  const aim = aims[Math.floor(Math.random() * aims.length)];
  await Promise.race([
    nextReport(process, (report) => report.kind === 'begun' && report.what === aim),
    sleep(longest.working * 2),
  ]);
  await sleep(Math.random() * longest.begun);
}

async function nextReport(process: ChildProcess, is: (report: Report) => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    const listen = (report: Report): void => {
      if (is(report)) end();
    };
    const end = (): void => {
      process.off('message', listen);
      process.off('exit', end);
      resolve();
    };
    process.on('message', listen);
    process.once('exit', end);
  });
}

/** Longer than its lease, so that the other one takes its work over; then it wakes. */
async function fallAsleep({ process }: Session): Promise<void> {
  process.kill('SIGSTOP');
  await sleep(600 + Math.random() * 600);
  process.kill('SIGCONT');
  await sleep(Math.random() * 300);
}

async function killOne({ process }: Session): Promise<void> {
  const closed = once(process, 'close');
  if (!process.kill('SIGKILL') || process.exitCode !== null)
    throw new Error(`A session ended by itself (${process.exitCode}).`);
  await closed;
  // What it had sent to the endpoint has arrived by then.
  await sleep(5);
}

/** The chat requests since the last call. */
function newRequests(endpoint: ScriptedEndpoint): () => Asked[] {
  let seen = 0;
  return () => {
    const fresh = endpoint.requests.slice(seen);
    seen = endpoint.requests.length;
    return fresh.flatMap(({ body }) => {
      const prompt = body.messages?.at(-1)?.content;
      return typeof prompt === 'string' ? [{ model: body.model ?? '', prompt }] : [];
    });
  };
}

/** Lets one session stay until all that was begun is over. */
async function finishAll(
  session: Session,
  ledger: Ledger,
  dataDir: string,
  { baseUrl }: ScriptedEndpoint,
  asked: () => Asked[],
): Promise<string[]> {
  const order: Order = { dataDir, baseUrl, session: session.number, unanswered: null, onlyStays: true };
  session.process.send(order);
  const until = performance.now() + endMs;
  while (openIn(dataDir).length > 0 && performance.now() < until) await sleep(200);
  const open = openIn(dataDir).map((what) => `${what} are not over after ${endMs / 1_000} seconds`);
  return [...ledger.inspect(dataDir, asked()), ...open];
}
