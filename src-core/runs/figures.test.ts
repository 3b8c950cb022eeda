import { describe, expect, test } from 'vitest';
import type { ResolvedModel } from '../models/resolve-model.ts';
import type { EngineEvent } from '../ports.ts';
import { executePlainly } from './testing/execute-plainly.ts';

/** An event, and the milliseconds that pass before it. */
type Timed = readonly [wait: number, event: EngineEvent];

/** Runs what an engine says on a clock of its own. */
function figuresOf(script: readonly Timed[]) {
  let now = 1_000;
  const model: ResolvedModel = {
    id: 'lab/x',
    kind: 'remote',
    identity: {},
    price: null,
    async *generate() {
      for (const [wait, event] of script) {
        now += wait;
        yield event;
      }
    },
  };
  const ports = {
    clock: { now: () => '2026-01-01T00:00:00.000Z', monotonic: () => now },
    resolve: async () => model,
    log: () => undefined,
  };
  const execution = { messages: [], sampling: {}, tools: [], responseSchema: null, models: ['lab/x'] };
  return executePlainly(ports, execution);
}

const delta = (text: string): EngineEvent => ({ kind: 'delta', text });
const usage = (outputTokens: number, reasoningTokens?: number): EngineEvent => ({
  kind: 'usage',
  inputTokens: 5,
  outputTokens,
  ...(reasoningTokens !== undefined && { reasoningTokens }),
});
const stop: EngineEvent = { kind: 'finish', reason: 'stop' };

describe('the figures of an answer', () => {
  test('are a speed over the time from its first piece to its last, without what follows', async () => {
    const script: Timed[] = [
      [0, { kind: 'started' }],
      [200, delta('a')],
      [100, delta('b')],
      [100, delta('c')],
    ];
    expect(await figuresOf([...script, [700, usage(21)], [0, stop]])).toMatchObject({
      ttftMs: 200,
      generationMs: 200,
      tokensPerSecond: 100,
      latencyMs: 1_100,
    });
  });

  test('have no speed for an answer that came all at once', async () => {
    const script: Timed[] = [
      [0, { kind: 'started' }],
      [0.2, delta('a')],
      [0.3, delta('b')],
      [0, usage(400)],
      [0, stop],
    ];
    expect(await figuresOf(script)).toMatchObject({ tokensPerSecond: null, generationMs: null });
  });

  test('count for the speed no tokens that the model thought before the first piece and kept to itself', async () => {
    const script: Timed[] = [
      [0, { kind: 'started' }],
      [9_000, delta('a')],
      [500, delta('b')],
      [0, usage(5_011, 5_000)],
    ];
    expect(await figuresOf([...script, [0, stop]])).toMatchObject({ tokensPerSecond: 20, generationMs: 500 });
  });

  test('are those that the engine measured, where it did', async () => {
    const timed: EngineEvent = { kind: 'finish', reason: 'stop', timing: { ttftMs: 30, generationMs: 100 } };
    const script: Timed[] = [
      [0, { kind: 'started' }],
      [900, delta('all of it')],
      [0, usage(11)],
      [0, timed],
    ];
    expect(await figuresOf(script)).toMatchObject({ ttftMs: 30, generationMs: 100, tokensPerSecond: 100 });
  });

  test('never say that the first piece came after the end', async () => {
    const timed: EngineEvent = { kind: 'finish', reason: 'stop', timing: { ttftMs: 30, generationMs: 5 } };
    const script: Timed[] = [
      [0, { kind: 'started' }],
      [28, delta('a')],
      [0, timed],
    ];
    expect(await figuresOf(script)).toMatchObject({ ttftMs: 30, latencyMs: 35 });
  });

  test('keep each note once', async () => {
    const note: EngineEvent = { kind: 'note', text: 'The endpoint does not take seed.' };
    expect(
      await figuresOf([
        [0, note],
        [0, note],
        [0, delta('a')],
        [0, stop],
      ]),
    ).toMatchObject({ notes: [note.text] });
  });
});
