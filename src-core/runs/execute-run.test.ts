import { expect, test } from 'vitest';
import type { EngineEvent } from '../ports.ts';
import { executePlainly } from './testing/execute-plainly.ts';

/** Folds these events as a run does; `texts` is what a watcher was told, in order. */
async function fold(events: readonly EngineEvent[], fails = false) {
  const texts: string[] = [];
  const ports = {
    clock: { now: () => '', monotonic: () => 0 },
    resolve: async () => ({
      id: 'm',
      kind: 'remote' as const,
      identity: {},
      price: { inputPerMillion: 1, outputPerMillion: 1 },
      async *generate() {
        yield* events;
        if (fails) throw new Error('broken');
      },
    }),
    log: () => {},
  };
  const asked = { messages: [], sampling: {}, tools: [], responseSchema: null, models: ['m'] };
  const result = await executePlainly(ports, asked, (text) => texts.push(text));
  return { ...result, texts };
}

const call = (index: number, id: string, name: string, argumentsDelta: string): EngineEvent => ({
  kind: 'tool_call',
  index,
  id,
  name,
  argumentsDelta,
});
const stop: EngineEvent = { kind: 'finish', reason: 'stop' };

test.each([0, 1, -1, 0.5, 100_000_000, Number.NaN, Number.POSITIVE_INFINITY])(
  'a tool call may have the index %s',
  async (index) => {
    const { toolCalls } = await fold([
      call(index, 'a', '', ''),
      call(index, '', 'f', '{'),
      call(index, '', '', '}'),
      stop,
    ]);
    expect(toolCalls).toEqual([{ id: 'a', name: 'f', arguments: '{}' }]);
  },
);

test('tool calls stand in the order in which they began', async () => {
  const { toolCalls } = await fold([call(7, 'a', 'f', '{'), call(2, 'b', 'g', '{}'), call(7, '', '', '}'), stop]);
  expect(toolCalls.map(({ id, arguments: args }) => id + args)).toEqual(['a{}', 'b{}']);
});

test.each([
  [10.6, 2, 11, 2],
  [Number.NaN, -1, null, null],
  [1e300, Number.POSITIVE_INFINITY, null, null],
  [null, 3, null, 3],
])('counts of %s and %s are stored as %s and %s', async (input, output, inputTokens, outputTokens) => {
  const usage: EngineEvent = {
    kind: 'usage',
    inputTokens: input,
    outputTokens: output,
    cost: -4,
    reasoningTokens: 0.4,
  };
  expect(await fold([{ kind: 'delta', text: 'x' }, usage, stop])).toMatchObject({
    inputTokens,
    outputTokens,
    reasoningTokens: 0,
  });
});

test('texts that are told apart anew replace what came, and a watcher sees that they begin anew', async () => {
  const result = await fold([
    { kind: 'delta', text: 'Hm. Well.' },
    { kind: 'replace', output: '', reasoning: 'Hm. Well.' },
    { kind: 'delta', text: 'Yes.' },
    stop,
  ]);
  expect(result).toMatchObject({ output: 'Yes.', reasoning: 'Hm. Well.' });
  expect(result.texts).toEqual(['Hm. Well.', '', 'Yes.']);
});

test('what came before a failure is kept and is not the whole', async () => {
  expect(await fold([{ kind: 'delta', text: 'Half' }], true)).toMatchObject({
    status: 'failed',
    output: 'Half',
    finishReason: 'incomplete',
  });
  expect(await fold([], true)).toMatchObject({ status: 'failed', finishReason: null });
});

test('an empty answer says so', async () => {
  expect((await fold([{ kind: 'delta', text: ' \n' }, stop])).notes).toEqual([
    'The answer is empty: the model stopped without any text.',
  ]);
  expect((await fold([{ kind: 'finish', reason: 'abort' }])).notes).toEqual([
    'The answer is empty; the endpoint ended it with "abort".',
  ]);
  expect((await fold([call(0, 'a', 'f', '{}'), { kind: 'finish', reason: 'tool_calls' }])).notes).toEqual([]);
});

test('a NUL in an answer, a thought or a call is shown by its symbol, because no database keeps it', async () => {
  const { output, reasoning, toolCalls } = await fold([
    { kind: 'reasoning', text: 'th\0ought' },
    { kind: 'delta', text: 'be\0fore\0' },
    call(0, 'a', 'f', '"\0"'),
    stop,
  ]);
  expect([String(output), String(reasoning), toolCalls[0]?.arguments]).toEqual(['be␀fore␀', 'th␀ought', '"␀"']);
});
