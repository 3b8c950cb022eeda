import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src-core/contract/shared.ts';
import type { EngineEvent, GenerateRequest, LocalEngine, LocalTarget } from '../../../src-core/ports.ts';
import { defaultCrashPolicy } from './crash-policy.ts';
import type { EngineChannel, LaunchEngine } from './engine-channel.ts';
import { forkEngine } from './fork-engine.ts';
import { createLocalEngine, type LocalEngineOptions } from './local-engine.ts';
import { ask, starterPath, targetOf } from './testing/engine-driver.ts';

let engine: LocalEngine | null = null;
afterEach(() => engine?.dispose());

/** A single crash that counted would quarantine the file. */
async function setUp(options: LocalEngineOptions = {}): Promise<LocalTarget> {
  engine = createLocalEngine({ crashPolicy: { ...defaultCrashPolicy, limit: 1 }, ...options });
  return targetOf(engine, 'starter', starterPath);
}

/**
 * Starts engine processes as usual; from the first report that `holds` accepts, reports are withheld from the host
 * until `release`.
 */
function heldLaunch(holds: (kind: string, channel: EngineChannel, release: () => void) => boolean): LaunchEngine {
  return (entry, env) => {
    const channel = forkEngine(entry, env);
    let held: unknown[] | null = null;
    return {
      ...channel,
      onMessage: (listener) =>
        channel.onMessage((message) => {
          if (held !== null) return void held.push(message);
          listener(message);
          const release = () => {
            for (const one of held ?? []) listener(one);
            held = null;
          };
          if (holds((message as { readonly kind: string }).kind, channel, release)) held = [];
        }),
    };
  };
}

async function run(target: LocalTarget, more: Partial<GenerateRequest> = {}): Promise<readonly EngineEvent[]> {
  const request = { messages: [{ role: 'user', content: 'Say yes.' }], sampling: { temperature: 0 }, ...more } as const;
  const events: EngineEvent[] = [];
  for await (const event of engine!.generate(target, request, new AbortController().signal)) events.push(event);
  return events;
}

const words = (count: number, prefix = 'value ') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const objectOf = (names: readonly string[], schema: JsonObject): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, schema])),
});
let nested: JsonObject = { type: 'string' };
for (let depth = 0; depth < 100; depth += 1) nested = objectOf(['a'], nested);

/** At the bounds of `checkSchemaSize` and of llama.cpp's own for counted repeats, each costly in another way. */
const largestSchemas: Readonly<Record<string, JsonObject>> = {
  'values that begin alike': { enum: words(1_990, 'a'.repeat(90)) },
  'alternatives with names of their own': { oneOf: words(390).map((name) => objectOf([name], { type: 'string' })) },
  'bounded texts': objectOf(words(490), { type: 'string', minLength: 1, maxLength: 1_000 }),
  'lists in lists by count': {
    type: 'array',
    maxItems: 40,
    items: { type: 'array', maxItems: 40, items: { enum: words(1_900) } },
  },
  'objects in objects': nested,
};

describe('a model file', () => {
  it('is not blamed for a response schema of 50 000 values, which is refused with a sentence', async () => {
    const target = await setUp();
    const responseSchema = { enum: Array.from({ length: 50_000 }, (_, index) => `value ${index}`) };
    for (let time = 0; time < 3; time += 1)
      await expect(run(target, { responseSchema })).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('at most 2,000'),
      });
    expect((await ask(engine!, target, 'What is the capital of France?')).text).toContain('Paris');
  });

  it.each(Object.entries(largestSchemas))(
    'answers within its heartbeats to a schema of %s, the most that is taken',
    {
      timeout: 120_000,
    },
    async (_, responseSchema) => {
      const silences: number[] = [];
      let heardAt = 0;
      const launch: LaunchEngine = (entry, env) => {
        const channel = forkEngine(entry, env);
        return {
          ...channel,
          onMessage: (listener) =>
            channel.onMessage((message) => {
              const { kind } = message as { readonly kind: string };
              if (kind === 'prepared') silences.push(performance.now() - heardAt);
              heardAt = performance.now();
              listener(message);
            }),
        };
      };
      const target = await setUp({ launch });
      const events = await run(target, { responseSchema, sampling: { temperature: 0, maxTokens: 1 } });
      expect(events.at(-1)?.kind).toBe('finish');
      expect(engine?.state('starter').kind).toBe('ready');
      // A tenth of the twelve heartbeats of five seconds that are allowed; on an idle machine it takes about ten
      // milliseconds.
      expect(silences).toHaveLength(1);
      expect(silences[0]).toBeLessThan(6_000);
    },
  );

  it('is not blamed when it says nothing for longer than it is waited for while it reads a schema', async () => {
    let isSilent = true;
    const launch = heldLaunch((kind) => kind === 'preparing' && isSilent);
    const target = await setUp({ launch, heartbeatMs: 1_000 });
    const responseSchema = { enum: ['yes', 'no'] };
    await expect(run(target, { responseSchema })).rejects.toMatchObject({
      code: expect.stringMatching(/invalid|unavailable/),
    });
    expect(engine?.state('starter').kind).toBe('unloaded');
    isSilent = false;
    expect((await run(target, { responseSchema })).at(-1)?.kind).toBe('finish');
  }, 90_000);

  it('is not blamed for a schema that llama.cpp refuses', async () => {
    const target = await setUp();
    const responseSchema = { type: 'array', items: { type: 'string' }, minItems: 20_000, maxItems: 20_000 };
    await expect(run(target, { responseSchema })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('cannot be turned into a grammar'),
    });
    expect(engine?.state('starter').kind).toBe('ready');
  });

  it('is not blamed when its process ends while it reads what a run asks for, nor while it keeps to a schema', {
    timeout: 90_000,
  }, async () => {
    let fatal = 'preparing';
    const launch = heldLaunch((kind, { pid }) => kind === fatal && process.kill(Number(pid), 'SIGSEGV'));
    const target = await setUp({ launch });
    await expect(run(target)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('make them shorter'),
    });
    fatal = 'started';
    const responseSchema = { enum: ['yes', 'no'] };
    await expect(run(target, { responseSchema })).rejects.toMatchObject({ code: 'unavailable' });
    expect(engine?.state('starter').kind).toBe('unloaded');
    fatal = '';
    const kinds = (await run(target, { responseSchema })).map(({ kind }) => kind);
    expect(kinds.at(-1)).toBe('finish');
  });

  it('is waited for while it reads what a run asks for, longer than at other times', { timeout: 60_000 }, async () => {
    // More than the three that it has at other times.
    const beats = 5;
    const heartbeatMs = 2_000;
    let silences = 0;
    const launch = heldLaunch((kind, _channel, release) => {
      if (kind !== 'preparing') return false;
      silences += 1;
      setTimeout(release, beats * heartbeatMs);
      return true;
    });
    const target = await setUp({ launch, heartbeatMs });
    expect((await ask(engine!, target, 'What is the capital of France?')).text).toContain('Paris');
    expect(silences).toBe(1);
  });

  it('is not blamed for a prompt that can never fit, which is refused before it is read', async () => {
    const target = await setUp();
    await expect(ask(engine!, target, 'word '.repeat(4_000_000))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('20,000,000 characters'),
    });
    expect(engine?.state('starter').kind).toBe('ready');
  });
});

describe('the times of an answer', () => {
  it('are taken in the engine process, and lie within those that its host sees', async () => {
    const target = await setUp();
    await engine?.load(target);
    const before = performance.now();
    const events = await run(target, {
      messages: [{ role: 'user', content: 'Tell me a tiny story about a fox.' }],
      sampling: { temperature: 0, maxTokens: 40 },
    });
    const seen = performance.now() - before;
    const finish = events.find((event) => event.kind === 'finish');
    expect(finish?.timing?.ttftMs).toBeGreaterThan(0);
    expect(finish?.timing?.generationMs).toBeGreaterThan(0);
    expect((finish?.timing?.ttftMs ?? 0) + (finish?.timing?.generationMs ?? 0)).toBeLessThan(seen);
  });
});
