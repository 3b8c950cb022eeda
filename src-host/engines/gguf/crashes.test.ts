import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineEvent, LocalEngine, LocalTarget } from '../../../src-core/ports.ts';
import { defaultCrashPolicy } from './crash-policy.ts';
import type { EngineChannel } from './engine-channel.ts';
import { createLocalEngine, type LocalEngineOptions } from './local-engine.ts';
import { ask, recordedLaunch, starterPath, starterQ8Path, stateReached, targetOf } from './testing/engine-driver.ts';

const story = 'Tell me a tiny story about a fox.';
const quickPolicy = { ...defaultCrashPolicy, firstDelayMs: 50 };

let engine: LocalEngine | null = null;
afterEach(() => engine?.dispose());

async function setUp(options: LocalEngineOptions = {}) {
  const { launch, channels } = recordedLaunch();
  const created = createLocalEngine({ launch, crashPolicy: quickPolicy, ...options });
  engine = created;
  const starter = await targetOf(created, 'starter', starterPath);
  return { engine: created, starter, channels };
}

function kill(channel: EngineChannel | undefined, signal: NodeJS.Signals): void {
  if (channel?.pid === undefined) throw new Error('There is no engine process to hurt.');
  process.kill(channel.pid, signal);
}

/** Starts a run and waits until it speaks; its end comes with `rest`. */
async function startedRun(created: LocalEngine, target: LocalTarget) {
  const request = { messages: [{ role: 'user', content: story }] as const, sampling: { temperature: 0 } };
  const events = created.generate(target, request, new AbortController().signal)[Symbol.asyncIterator]();
  for (let next = await events.next(); next.value?.kind !== 'delta'; next = await events.next()) {
    if (next.done) throw new Error('The run ended without a word.');
  }
  const rest = async (): Promise<readonly EngineEvent[]> => {
    const all: EngineEvent[] = [];
    for (let next = await events.next(); !next.done; next = await events.next()) all.push(next.value);
    return all;
  };
  return { rest };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function crash(created: LocalEngine, target: LocalTarget, channels: readonly EngineChannel[]): Promise<void> {
  await created.load(target);
  const noticed = new Promise<void>((resolve) => {
    const stop = created.onState((_id, { kind }) => {
      if (kind !== 'crashed' && kind !== 'quarantined') return;
      stop();
      resolve();
    });
  });
  kill(channels.at(-1), 'SIGABRT');
  await noticed;
}

describe('an engine process that dies', () => {
  it('fails the runs in it with a sentence, leaves other models alone and comes back', async () => {
    const { engine, starter, channels } = await setUp();
    const other = await targetOf(engine, 'q8', starterQ8Path);
    await engine.load(starter);
    await engine.load(other);
    const run = await startedRun(engine, starter);
    kill(channels[0], 'SIGSEGV');
    await expect(run.rest()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('promptdev-starter.gguf was ended by SIGSEGV'),
    });
    expect(engine.state('starter')).toMatchObject({ kind: 'crashed', crashes: 1 });
    expect(engine.state('q8')).toMatchObject({ kind: 'ready' });
    expect((await ask(engine, other, 'What is the capital of France?')).text).toContain('Paris');
    expect((await ask(engine, starter, 'What is the capital of France?')).text).toContain('Paris');
  });

  it('is not started again before its delay is over', async () => {
    const { engine, starter, channels } = await setUp({ crashPolicy: { ...quickPolicy, firstDelayMs: 700 } });
    await crash(engine, starter, channels);
    const state = engine.state('starter');
    const loading = engine.load(starter);
    await stateReached(engine, 'starter', 'loading');
    expect(state.kind === 'crashed' && Date.parse(state.retryAt)).toBeLessThanOrEqual(Date.now());
    await loading;
  });

  it('three times is set aside, under any id, until a person releases it', async () => {
    const { engine, starter, channels } = await setUp();
    for (let time = 1; time <= 3; time++) await crash(engine, starter, channels);
    expect(engine.state('starter')).toMatchObject({
      kind: 'quarantined',
      message: expect.stringContaining('crashed 3 times'),
    });
    const started = channels.length;
    await expect(ask(engine, starter, 'Hi')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('was set aside'),
    });
    await expect(ask(engine, { ...starter, id: 'alias' }, 'Hi')).rejects.toMatchObject({ code: 'unavailable' });
    expect(channels.length).toBe(started);
    engine.release('starter');
    expect(engine.state('starter').kind).toBe('unloaded');
    expect((await ask(engine, starter, 'What is the capital of France?')).text).toContain('Paris');
  });
});

describe('an engine process that hangs', () => {
  it('is ended after a few silent heartbeats and its runs fail with a sentence', async () => {
    const { engine, starter, channels } = await setUp({ heartbeatMs: 400 });
    await engine.load(starter);
    kill(channels[0], 'SIGSTOP');
    await expect(ask(engine, starter, story)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('stopped responding'),
    });
    expect(engine.state('starter')).toMatchObject({ kind: 'crashed' });
  });
});

describe('an engine process', () => {
  it('is started once for all runs that wait for it, and its failure is told to all', async () => {
    const { engine, starter, channels } = await setUp({ entry: '/nowhere/engine.js' });
    const runs = await Promise.allSettled(Array.from({ length: 5 }, () => ask(engine, starter, 'Hi')));
    expect(runs.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    expect(channels.length).toBe(1);
  });

  it('that cannot be started is an error and no hanging run', async () => {
    const { engine, starter } = await setUp({ entry: '/nowhere/engine.js' });
    await expect(ask(engine, starter, 'Hi')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('ended with code 1'),
    });
  });

  it('sees no secret of the host', async () => {
    process.env.OPENAI_API_KEY = 'sk-canary';
    const seen: Readonly<Record<string, string>>[] = [];
    const { launch } = recordedLaunch();
    const { engine, starter } = await setUp({
      launch: (entry, env) => {
        seen.push(env);
        return launch(entry, env);
      },
    });
    await engine.load(starter);
    delete process.env.OPENAI_API_KEY;
    expect(JSON.stringify(seen)).not.toContain('sk-canary');
    expect(seen[0]).toHaveProperty('PATH');
  });

  it('ends with the engine, also while it loads', async () => {
    const { engine, starter, channels } = await setUp();
    const loading = engine.load(starter);
    await stateReached(engine, 'starter', 'loading');
    while (channels.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await engine.dispose();
    await expect(loading).rejects.toMatchObject({ code: 'unavailable' });
    expect(isRunning(Number(channels[0]?.pid))).toBe(false);
    await expect(ask(engine, starter, 'Hi')).rejects.toMatchObject({ message: 'PromptDev is closing.' });
  });

  it('ends when its host is killed', async () => {
    const host = fork(fileURLToPath(new URL('./testing/doomed-host.ts', import.meta.url)), [], { execArgv: [] });
    const [pid] = (await once(host, 'message')) as [number];
    const alive = (): boolean => isRunning(pid);
    expect(alive()).toBe(true);
    host.kill('SIGKILL');
    await expect.poll(alive, { timeout: 5_000 }).toBe(false);
  });
});
