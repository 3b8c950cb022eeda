import { describe, expect, test } from 'vitest';
import type { EngineEvent } from '../../../../src-core/ports.ts';
import { EndpointFailure } from '../failures/failures.ts';
import { createAnswerReader } from './answer-reader.ts';

const place = { endpoint: 'scripted', baseUrl: 'http://127.0.0.1:1/v1', apiKey: null, model: 'm' };
const sse = (...chunks: readonly unknown[]) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
const chunk = (delta: unknown, finish: string | null = null) => ({ choices: [{ delta, finish_reason: finish }] });

function read(...texts: readonly string[]): readonly EngineEvent[] {
  const reader = createAnswerReader(place);
  return [...texts.flatMap((text) => [...reader.push(text)]), ...reader.end()];
}

function failureOf(...texts: readonly string[]): EndpointFailure {
  try {
    read(...texts);
  } catch (error) {
    if (error instanceof EndpointFailure) return error;
    throw error;
  }
  throw new Error('The answer was read without a failure.');
}

describe('an answer', () => {
  test.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['model_length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['function_call', 'tool_calls'],
    ['content_filter', 'content_filter'],
  ])('that finishes with "%s" finishes with %s', (said, reason) => {
    expect(read(sse(chunk({ content: 'a' }, said)))).toEqual([
      { kind: 'delta', text: 'a' },
      { kind: 'finish', reason },
    ]);
  });

  test.each([
    ['reasoning_content', { reasoning_content: 'Hm.' }, { content: 'Yes.' }],
    ['reasoning', { reasoning: 'Hm.', content: '' }, { content: 'Yes.' }],
    ['both names at once', { reasoning: 'Hm.', reasoning_content: 'Hm.' }, { content: 'Yes.' }],
    [
      'parts of the content',
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] },
      { content: [{ type: 'text', text: 'Yes.' }] },
    ],
    ['tags', { content: '<think>Hm.' }, { content: '</think>\n\nYes.' }],
  ])('keeps what was thought, sent as %s, apart from the answer', (_name, thought, said) => {
    expect(read(sse(chunk(thought), chunk(said, 'stop')))).toEqual([
      { kind: 'reasoning', text: 'Hm.' },
      { kind: 'delta', text: 'Yes.' },
      { kind: 'finish', reason: 'stop' },
    ]);
  });

  test('that is not streamed keeps them apart too, and counts the tokens of thinking', () => {
    const usage = { prompt_tokens: 5, completion_tokens: 9, completion_tokens_details: { reasoning_tokens: 7 } };
    const message = { content: 'Yes.', reasoning_content: 'Hm.' };
    expect(read(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }], usage }))).toEqual([
      { kind: 'reasoning', text: 'Hm.' },
      { kind: 'delta', text: 'Yes.' },
      { kind: 'usage', inputTokens: 5, outputTokens: 9, reasoningTokens: 7 },
      { kind: 'finish', reason: 'stop' },
    ]);
  });

  test('with a tool call finishes with tool_calls even when the endpoint says stop', () => {
    const call = { tool_calls: [{ id: 'c', function: { name: 'f', arguments: { a: 1 } } }] };
    expect(read(sse(chunk(call, 'stop')))).toEqual([
      { kind: 'tool_call', index: 0, id: 'c', name: 'f', argumentsDelta: '{"a":1}' },
      { kind: 'finish', reason: 'tool_calls' },
    ]);
  });

  test('reports the last usage, wherever the endpoint puts it', () => {
    const usage = (input: number, output: number) => ({ prompt_tokens: input, completion_tokens: output });
    const expected = { kind: 'usage', inputTokens: 5, outputTokens: 2 };
    const begin = { ...chunk({ content: 'a' }), usage: usage(5, 1) };
    expect(read(sse(begin, { ...chunk({}, 'stop'), usage: usage(5, 2) }))).toContainEqual(expected);
    expect(read(sse(chunk({ content: 'a' }, 'stop'), { choices: [], usage: usage(5, 2) }))).toContainEqual(expected);
    expect(read(sse({ ...chunk({ content: 'a' }, 'stop'), x_groq: { usage: usage(5, 2) } }))).toContainEqual(expected);
    expect(
      read(sse({ ...chunk({ content: 'a' }, 'stop'), usage: { prompt_tokens: null } })).map(({ kind }) => kind),
    ).toEqual(['delta', 'finish']);
  });

  test('may have its text in parts, a refusal in place of text, and fields that are null', () => {
    expect(read(sse(chunk({ content: [{ type: 'text', text: 'a' }, { type: 'thinking' }, null] }, 'stop')))[0]).toEqual(
      { kind: 'delta', text: 'a' },
    );
    expect(read(sse(chunk({ content: null, refusal: 'No.' }, 'stop')))[0]).toEqual({ kind: 'delta', text: 'No.' });
    const nulls = { choices: [{ delta: { content: null, tool_calls: null }, finish_reason: null }], usage: null };
    expect(
      read(sse(nulls, { choices: null }, { choices: [null] }, { choices: [{ delta: null }] }, chunk({}, 'stop'))),
    ).toEqual([{ kind: 'finish', reason: 'stop' }]);
  });

  test.each([
    ['and is done', 'data: [DONE]\n\n'],
    ['and just ends', ''],
  ])('that never says why it ends, %s, is incomplete and says so', (_name, end) => {
    expect(read(sse(chunk({ content: 'a' })), end)).toEqual([
      { kind: 'delta', text: 'a' },
      { kind: 'note', text: 'scripted ended the answer without saying why; it may not be complete.' },
      { kind: 'finish', reason: 'incomplete' },
    ]);
  });

  test('is complete without [DONE] when it gave a reason', () => {
    expect(read(sse(chunk({ content: 'a' }, 'stop'))).at(-1)).toEqual({ kind: 'finish', reason: 'stop' });
  });

  test('may be empty when the endpoint says that it is finished', () => {
    expect(read(sse(chunk({}, 'stop')))).toEqual([{ kind: 'finish', reason: 'stop' }]);
  });

  test('ignores what follows [DONE]', () => {
    const reader = createAnswerReader(place);
    const events = [
      ...reader.push(`${sse(chunk({ content: 'a' }, 'stop'))}data: [DONE]\n\n${sse(chunk({ content: 'b' }))}`),
    ];
    expect(reader.done).toBe(true);
    expect(events).toEqual([{ kind: 'delta', text: 'a' }]);
  });
});

describe('a broken answer', () => {
  test('gives its events up to the fault', () => {
    const reader = createAnswerReader(place);
    const seen: EngineEvent[] = [];
    expect(() => {
      for (const event of reader.push(`${sse(chunk({ content: 'kept' }))}event: error\ndata: oops\n\n`))
        seen.push(event);
    }).toThrow(EndpointFailure);
    expect(seen).toEqual([{ kind: 'delta', text: 'kept' }]);
  });

  test('with an error that carries a status is treated as that status', () => {
    const { failure } = failureOf(sse({ error: { code: 429, message: 'Slow down.' } }));
    expect(failure).toMatchObject({ status: 429, retryable: true, problem: 'rate_limited' });
    expect(failureOf(sse({ error: { code: 401, message: 'No.' } })).failure.code).toBe('denied');
    expect(failureOf(JSON.stringify({ error: 'Overloaded' })).failure).toMatchObject({
      retryable: true,
      message: 'scripted failed while it answered: "Overloaded".',
    });
  });

  test('that is something else altogether says so', () => {
    expect(failureOf('Not Found').failure).toMatchObject({ problem: 'not_openai', retryable: false });
    expect(failureOf('{"detail":"hello"}').failure.problem).toBe('not_openai');
    expect(failureOf('data: 42\n\n').failure.problem).toBe('broken_stream');
    expect(failureOf('').failure.message).toContain('empty answer');
  });
});
