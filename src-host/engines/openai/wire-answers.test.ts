import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlainResult } from '../../../src-core/runs/testing/execute-plainly.ts';
import { type AskedEndpoint, askedEndpoint } from './testing/ask-endpoint.ts';
import type { Behaviour } from './testing/behaviours.ts';
import { call, chunk, deltas, done, event, said } from './testing/wire-text.ts';

type Expected = Partial<Omit<PlainResult, 'notes'>> & { readonly note?: string };
type Case = readonly [name: string, body: string | readonly string[], expected: Expected];

const weather = { id: 'a', name: 'get_weather', arguments: '{"city":"Bergen"}' };
const time = { id: 'b', name: 'get_time', arguments: '{"zone":"CET"}' };
const fn = (name: string | undefined, args: unknown) => ({ function: { name, arguments: args } });

const toolCalls: readonly Case[] = [
  [
    'numbered from 1',
    deltas('tool_calls', call({ index: 1, id: 'a', ...fn('get_weather', '{"city":"Bergen"}') })),
    { toolCalls: [weather], finishReason: 'tool_calls' },
  ],
  [
    'all numbered 0',
    deltas(
      'tool_calls',
      call({ index: 0, id: 'a', ...fn('get_weather', '{"city":"Bergen"}') }),
      call({ index: 0, id: 'b', ...fn('get_time', '{"zone":"CET"}') }),
    ),
    { toolCalls: [weather, time] },
  ],
  [
    'all numbered 0 in one chunk',
    deltas('tool_calls', {
      tool_calls: [
        { index: 0, id: 'a', ...fn('get_weather', '{"city":"Bergen"}') },
        { index: 0, id: 'b', ...fn('get_time', '{"zone":"CET"}') },
      ],
    }),
    { toolCalls: [weather, time] },
  ],
  [
    'all numbered 0 and without ids, as Gemini sends them',
    deltas(
      'stop',
      call({ index: 0, id: '', ...fn('get_weather', '{"city":"Bergen"}') }),
      call({ index: 0, id: '', ...fn('get_weather', '{"city":"Oslo"}') }),
      call({ index: 0, id: '', ...fn('get_time', '{"zone":"CET"}') }),
    ),
    {
      toolCalls: [
        { ...weather, id: '' },
        { ...weather, id: '', arguments: '{"city":"Oslo"}' },
        { ...time, id: '' },
      ],
      finishReason: 'tool_calls',
    },
  ],
  [
    'without numbers',
    deltas(
      'tool_calls',
      call({ id: 'a', ...fn('get_weather', '{"city":') }),
      call({ ...fn(undefined, '"Bergen"}') }),
      call({ id: 'b', ...fn('get_time', '{"zone":"CET"}') }),
    ),
    { toolCalls: [weather, time] },
  ],
  ...[-1, 100_000_000, 1.5, '0', 1e300].map(
    (index): Case => [
      `numbered ${index}`,
      deltas(
        'tool_calls',
        call({ index, id: 'a', ...fn('get_weather', '{"city":') }),
        call({ index, ...fn(undefined, '"Bergen"}') }),
      ),
      { toolCalls: [weather] },
    ],
  ),
  [
    'in pieces that take turns',
    deltas(
      'tool_calls',
      call({ index: 0, id: 'a', ...fn('get_weather', '{"city":') }),
      call({ index: 1, id: 'b', ...fn('get_time', '{"zone":') }),
      call({ index: 0, ...fn(undefined, '"Bergen"}') }),
      call({ index: 1, ...fn(undefined, '"CET"}') }),
    ),
    { toolCalls: [weather, time] },
  ],
  [
    'whose name comes later',
    deltas(
      'tool_calls',
      call({ index: 0, id: 'a', function: { arguments: '' } }),
      call({ index: 0, ...fn('get_weather', '{"city":"Bergen"}') }),
    ),
    { toolCalls: [weather] },
  ],
  [
    'whose id comes later',
    deltas(
      'tool_calls',
      call({ index: 0, ...fn('get_weather', '') }),
      call({ index: 0, id: 'a', ...fn(undefined, '{"city":"Bergen"}') }),
    ),
    { toolCalls: [weather] },
  ],
  [
    'whose name comes in parts',
    deltas(
      'tool_calls',
      call({ index: 0, id: 'a', ...fn('get_', '') }),
      call({ index: 0, ...fn('weather', '') }),
      call({ index: 0, ...fn(undefined, '{"city":"Bergen"}') }),
    ),
    { toolCalls: [weather] },
  ],
  [
    'whose name is repeated with each piece',
    deltas(
      'tool_calls',
      ...['{"city"', ':"Ber', 'gen"}'].map((part) => call({ index: 0, id: 'a', ...fn('get_weather', part) })),
    ),
    { toolCalls: [weather] },
  ],
  [
    'with another id for each piece, as some versions of vLLM send it',
    deltas(
      'tool_calls',
      call({ index: 0, id: 'a', ...fn('get_weather', '{"city"') }),
      call({ index: 0, id: 'zz', ...fn(undefined, ':"Bergen"}') }),
    ),
    { toolCalls: [weather] },
  ],
  [
    'a second one begun by its id alone',
    deltas(
      'tool_calls',
      call({ index: 0, id: 'a', ...fn('get_weather', '{"city":"Bergen"}') }),
      call({ index: 0, id: 'b', function: {} }),
      call({ index: 0, ...fn('get_time', '{"zone":"CET"}') }),
    ),
    { toolCalls: [weather, time] },
  ],
  [
    'with a number as id',
    deltas('tool_calls', call({ index: 0, id: 7, ...fn('get_weather', '{}') })),
    { toolCalls: [{ id: '7', name: 'get_weather', arguments: '{}' }] },
  ],
  [
    'with entries that are null',
    deltas('stop', { content: 'x', tool_calls: [null, 7, 'no'] }),
    { toolCalls: [], output: 'x', finishReason: 'stop' },
  ],
  ['with nothing in them', deltas('stop', { content: 'x', tool_calls: [{}] }), { toolCalls: [], finishReason: 'stop' }],
  [
    'without arguments',
    deltas('tool_calls', call({ index: 0, id: 'a', ...fn('now', null) })),
    { toolCalls: [{ id: 'a', name: 'now', arguments: '' }] },
  ],
  [
    'with arguments as an object, as Ollama sends them',
    deltas('stop', call({ id: 'a', ...fn('get_weather', { city: 'Bergen' }) })),
    { toolCalls: [weather], finishReason: 'tool_calls' },
  ],
  [
    'with name and arguments beside the id',
    deltas('tool_calls', call({ index: 0, id: 'a', name: 'get_weather', arguments: '{"city":"Bergen"}' })),
    { toolCalls: [weather] },
  ],
  [
    'in the old form of one function call',
    deltas(
      'function_call',
      { function_call: { name: 'get_weather', arguments: '' } },
      { function_call: { arguments: '{"city":' } },
      { function_call: { arguments: '"Bergen"}' } },
    ),
    { toolCalls: [{ ...weather, id: '' }], finishReason: 'tool_calls' },
  ],
  [
    'in plain JSON without numbers',
    JSON.stringify({
      choices: [
        {
          message: {
            content: null,
            tool_calls: [
              { id: 'a', ...fn('get_weather', '{"city":"Bergen"}') },
              { id: 'b', ...fn('get_time', '{"zone":"CET"}') },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    }),
    { toolCalls: [weather, time] },
  ],
  [
    'said again in a last whole message',
    `${chunk(call({ index: 0, id: 'a', ...fn('get_weather', '{"city":"Bergen"}') }))}${event({ choices: [{ message: { tool_calls: [{ id: 'a', ...fn('get_weather', '{"city":"Bergen"}') }] }, finish_reason: 'tool_calls' }] })}${done}`,
    { toolCalls: [weather] },
  ],
  [
    'in two choices, as Copilot sends text and calls',
    JSON.stringify({
      choices: [
        { message: { content: 'I will look.' }, finish_reason: 'tool_calls' },
        { message: { tool_calls: [{ id: 'a', ...fn('get_weather', '{"city":"Bergen"}') }] } },
      ],
    }),
    { toolCalls: [weather], output: 'I will look.' },
  ],
];

const token = (prompt: unknown, completion: unknown, more: object = {}) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  ...more,
});
const withUsage = (usage: unknown) => `${chunk({ content: 'x' })}${chunk({}, 'stop', { usage })}${done}`;
const counts = (inputTokens: number | null, outputTokens: number | null, more: Expected = {}): Expected => ({
  inputTokens,
  outputTokens,
  ...more,
});

const usages: readonly Case[] = [
  ['in fractions', withUsage(token(10.5, 2.2)), counts(11, 2)],
  ['as text', withUsage(token('10', '2')), counts(10, 2)],
  ['that are negative', withUsage(token(-1, -5)), counts(null, null)],
  ['that are huge', withUsage(token(1e300, 9e15)), counts(null, null)],
  ['that are no numbers', withUsage(token(null, [])), counts(null, null)],
  ['that are a list', withUsage([1, 2]), counts(null, null)],
  ['of the input alone', withUsage({ prompt_tokens: 7 }), counts(7, null)],
  ['of the input and the total', withUsage({ prompt_tokens: 7, total_tokens: 10 }), counts(7, 3)],
  ['named input and output', withUsage({ input_tokens: 10, output_tokens: 2 }), counts(10, 2)],
  ['that are all zero for an answer with text', withUsage(token(0, 0, { total_tokens: 0 })), counts(null, null)],
  [
    'whose output is zero at first',
    `${chunk({ content: 'x' }, null, { usage: token(7, 0) })}${chunk({}, 'stop', { usage: token(7, 3) })}${done}`,
    counts(7, 3),
  ],
  [
    'that are zero in the end',
    `${chunk({ content: 'x' }, 'stop', { usage: token(7, 3) })}${event({ choices: [], usage: token(0, 0) })}${done}`,
    counts(7, 3),
  ],
  [
    'of xAI, whose total tells of thinking',
    withUsage(token(32, 9, { total_tokens: 1041, completion_tokens_details: { reasoning_tokens: 1000 } })),
    counts(32, 1009, { reasoningTokens: 1000 }),
  ],
  [
    'of Gemini, which does not say what the rest is',
    withUsage(token(10, 5, { total_tokens: 515 })),
    counts(10, 505, { reasoningTokens: 500 }),
  ],
  [
    'of OpenAI, where thinking is a part',
    withUsage(token(10, 500, { total_tokens: 510, completion_tokens_details: { reasoning_tokens: 400 } })),
    counts(10, 500, { reasoningTokens: 400 }),
  ],
  [
    'with more thinking than output and no total',
    withUsage(token(10, 5, { completion_tokens_details: { reasoning_tokens: 400 } })),
    counts(10, 405, { reasoningTokens: 400 }),
  ],
  ['whose total is too small', withUsage(token(10, 5, { total_tokens: 3 })), counts(10, 5, { reasoningTokens: null })],
  [
    'with cached input of OpenAI',
    withUsage(token(100, 5, { prompt_tokens_details: { cached_tokens: 80 } })),
    counts(100, 5, { cachedTokens: 80 }),
  ],
  [
    'with cached input of DeepSeek',
    withUsage(token(100, 5, { prompt_cache_hit_tokens: 64 })),
    counts(100, 5, { cachedTokens: 64 }),
  ],
  [
    'with cached input of Moonshot',
    withUsage(token(100, 5, { cached_tokens: 32 })),
    counts(100, 5, { cachedTokens: 32 }),
  ],
  [
    'with cached input beside the input, as Anthropic counts',
    withUsage({ input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 80, cache_creation_input_tokens: 10 }),
    counts(100, 5, { cachedTokens: 80 }),
  ],
  [
    'with cached input beside the input, under the names of OpenAI',
    withUsage(token(10, 5, { total_tokens: 15, prompt_tokens_details: { cached_tokens: 80 } })),
    counts(90, 5, { cachedTokens: 80 }),
  ],
  [
    'with input read from and written to a cache, beside the input',
    withUsage(
      token(10, 5, {
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 80, cached_creation_tokens: 20 },
      }),
    ),
    counts(110, 5, { cachedTokens: 80 }),
  ],
  [
    'with input written to a cache for the first time, beside the input',
    withUsage(token(10, 5, { prompt_tokens_details: { cached_tokens: 0, cache_creation_tokens: 80 } })),
    counts(90, 5, { cachedTokens: 0 }),
  ],
  [
    'with less cached input than input, which the total has once more',
    withUsage(
      token(100, 5, { total_tokens: 205, prompt_tokens_details: { cached_tokens: 80, cache_write_tokens: 20 } }),
    ),
    counts(200, 5, { cachedTokens: 80, reasoningTokens: null }),
  ],
  [
    'with cached input and thinking, both of which only the total has',
    withUsage(
      token(10, 5, {
        total_tokens: 495,
        prompt_tokens_details: { cached_tokens: 80 },
        completion_tokens_details: { reasoning_tokens: 400 },
      }),
    ),
    counts(90, 405, { cachedTokens: 80, reasoningTokens: 400 }),
  ],
  [
    'with thinking beside the output and cached input within the input',
    withUsage(
      token(100, 5, {
        total_tokens: 185,
        prompt_tokens_details: { cached_tokens: 80 },
        completion_tokens_details: { reasoning_tokens: 80 },
      }),
    ),
    counts(100, 85, { cachedTokens: 80, reasoningTokens: 80 }),
  ],
  [
    'of LiteLLM, whose cached input is a part under the names of Anthropic too',
    withUsage(
      token(100, 5, {
        total_tokens: 105,
        prompt_tokens_details: { cached_tokens: 80 },
        cache_read_input_tokens: 80,
        cache_creation_input_tokens: 10,
      }),
    ),
    counts(100, 5, { cachedTokens: 80 }),
  ],
  [
    'that say that they are counted as Anthropic counts',
    withUsage(
      token(70, 7, {
        input_tokens: 120,
        usage_semantic: 'anthropic',
        prompt_tokens_details: { cached_tokens: 30, cached_creation_tokens: 20 },
      }),
    ),
    counts(120, 7, { cachedTokens: 30 }),
  ],
  [
    'of the Responses API, whose cached input is a part',
    withUsage({ input_tokens: 100, output_tokens: 5, input_tokens_details: { cached_tokens: 80 } }),
    counts(100, 5, { cachedTokens: 80 }),
  ],
  ['with its own cost', withUsage(token(100, 10, { cost: 0.0123 })), counts(100, 10, { cost: 0.0123 })],
  ['with a cost as text', withUsage(token(100, 10, { cost: '0.5' })), counts(100, 10, { cost: 0.5 })],
  ['with a cost that is no cost', withUsage(token(100, 10, { cost: -3 })), counts(100, 10, { cost: null })],
  [
    'with a cost in ticks of xAI',
    withUsage(token(100, 10, { cost_in_usd_ticks: 37_756_000 })),
    counts(100, 10, { cost: 0.0037756 }),
  ],
  [
    'with a cost in parts, as Perplexity says it',
    withUsage(token(100, 10, { cost: { input_tokens_cost: 0.1, total_cost: 0.25 } })),
    counts(100, 10, { cost: 0.25 }),
  ],
  [
    "with a key of one's own at OpenRouter",
    withUsage(token(100, 10, { is_byok: true, cost: 0.001, cost_details: { upstream_inference_cost: 0.02 } })),
    counts(100, 10, { cost: 0.021 }),
  ],
  [
    'inside of the choice, as Moonshot sends it',
    `${chunk({ content: 'x' })}${event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: token(7, 3) }] })}${done}`,
    counts(7, 3),
  ],
  ['of Groq', `${chunk({ content: 'x' }, 'stop', { x_groq: { usage: token(7, 3) } })}${done}`, counts(7, 3)],
  [
    'that llama-server measured',
    `${chunk({ content: 'x' }, 'stop', { timings: { prompt_n: 4, cache_n: 6, predicted_n: 3 } })}${done}`,
    counts(10, 3, { cachedTokens: 6 }),
  ],
];

const finished = (reason: unknown, text = 'One two ') => `${chunk({ content: text })}${chunk({}, reason)}${done}`;

const reasons: readonly (readonly [said: unknown, reason: string])[] = [
  ...['stop', 'STOP', 'eos', 'eos_token', 'end_turn', 'stop_sequence', 'COMPLETE', 'endTurn', 'FINISH_REASON_STOP'].map(
    (word) => [word, 'stop'] as const,
  ),
  ...[
    'length',
    'max_tokens',
    'MAX_TOKENS',
    'maxTokens',
    'max_output_tokens',
    'model_length',
    'model_context_window_exceeded',
  ].map((word) => [word, 'length'] as const),
  ...[
    'SAFETY',
    'RECITATION',
    'sensitive',
    'blocked',
    'content_filter',
    'contentFilter',
    'PROHIBITED_CONTENT',
    'refusal',
  ].map((word) => [word, 'content_filter'] as const),
  ...['tool_use', 'function_call', 'tool_call'].map((word) => [word, 'tool_calls'] as const),
  ...['', 'null', null, 'none', 7, true, [], {}, 'FINISH_REASON_UNSPECIFIED'].map(
    (word) => [word, 'incomplete'] as const,
  ),
  ...['network_error', 'insufficient_system_resource', 'abort', 'repetition_truncation', 'OTHER', 'LANGUAGE'].map(
    (word) => [word, word] as const,
  ),
  [['stop'], 'stop'],
  [{ type: 'length' }, 'length'],
  ['x'.repeat(500), `${'x'.repeat(59)}…`],
  ['\u001b[2Jodd\nreason', 'odd reason'],
];

const ends: readonly Case[] = [
  [
    'an empty reason after a real one',
    `${chunk({ content: 'One' }, '')}${chunk({}, 'length')}${chunk({}, '')}${done}`,
    { output: 'One', finishReason: 'length' },
  ],
  [
    'a stop after another reason',
    `${chunk({ content: 'One' }, 'content_filter')}${chunk({}, 'stop')}${done}`,
    { output: 'One', finishReason: 'content_filter' },
  ],
  [
    'no reason and no [DONE]',
    chunk({ content: 'One' }, ''),
    {
      status: 'succeeded',
      output: 'One',
      finishReason: 'incomplete',
      note: 'scripted ended the answer without saying why; it may not be complete.',
    },
  ],
  [
    'no reason, behind words that are no part of it',
    `${chunk({ content: 'One' })}${event('Internal Server Error')}`,
    {
      output: 'One',
      finishReason: 'incomplete',
      note: 'scripted ended the answer without saying why: "Internal Server Error"; it may not be complete.',
    },
  ],
  [
    'no reason after a tool call',
    `${chunk(call({ index: 0, id: 'a', ...fn('f', '{}') }))}${done}`,
    { finishReason: 'incomplete' },
  ],
  [
    'the reason of the provider behind, where there is no other',
    event({ choices: [{ delta: { content: 'One' }, finish_reason: null, native_finish_reason: 'MAX_TOKENS' }] }),
    { finishReason: 'length' },
  ],
  [
    'nothing but a filter',
    deltas('content_filter'),
    {
      status: 'succeeded',
      output: '',
      finishReason: 'content_filter',
      note: 'The answer is empty: the content filter of the endpoint held it back.',
    },
  ],
  [
    'nothing but a stop',
    deltas('stop', { role: 'assistant', content: '' }),
    { status: 'succeeded', output: '', note: 'The answer is empty: the model stopped without any text.' },
  ],
  [
    'nothing but thoughts',
    deltas('stop', { reasoning_content: 'Hm.' }),
    { output: '', reasoning: 'Hm.', note: 'The answer is empty: the model only thought, and then stopped.' },
  ],
  [
    'thoughts up to the limit',
    deltas('length', { reasoning_content: 'Hm' }),
    {
      output: '',
      finishReason: 'length',
      note: 'The answer is empty: thinking took all the tokens that were allowed. Raise the largest number of tokens.',
    },
  ],
  [
    'nothing but a fault',
    deltas('network_error'),
    {
      status: 'failed',
      error: {
        code: 'unavailable',
        message: 'scripted ended its answer with "network_error" and no text.',
        details: expect.anything(),
      },
    },
  ],
  ['an error as its reason', finished('error'), { status: 'failed', output: 'One two ', finishReason: 'incomplete' }],
  [
    'a refusal',
    deltas('stop', { content: null, refusal: 'I cannot ' }, { refusal: 'help.' }),
    { output: 'I cannot help.', note: 'scripted marks this answer as a refusal of the model.' },
  ],
];

const framing: readonly Case[] = [
  [
    'empty data and pings',
    `data:\n\ndata: \n\n: ping\n\nevent: ping\ndata: {"type":"ping"}\n\ndata: ping\n\n${said('Hi')}`,
    { output: 'Hi', finishReason: 'stop' },
  ],
  ['carriage returns alone', said('Hi', ' there').replaceAll('\n', '\r'), { output: 'Hi there', finishReason: 'stop' }],
  [
    'both line ends, cut between them',
    ['data: {"choices":[{"delta":{"content":"Hi"}}]}\r', '\n\r', `\n${said('')}`],
    { output: 'Hi' },
  ],
  [
    'no blank line between events',
    `${said('Hi', ' there').replaceAll('\n\n', '\n')}`,
    { output: 'Hi there', finishReason: 'stop' },
  ],
  [
    'an event over several data lines',
    `data: {"choices":\ndata: [{"delta":{"content":"Hi"},\ndata: "finish_reason":"stop"}]}\n\n`,
    { output: 'Hi' },
  ],
  [
    'a done event',
    `${chunk({ content: 'Hi' }, 'stop')}event: done\ndata: {}\n\n${chunk({ content: 'no more' })}`,
    { output: 'Hi', finishReason: 'stop' },
  ],
  ['a done event in JSON', `${chunk({ content: 'Hi' }, 'stop')}${event({ type: 'message_stop' })}`, { output: 'Hi' }],
  [
    'a character cut in half',
    [
      `data: {"choices":[{"delta":{"content":"face \\ud83d"}}]}\n\n`,
      `data: {"choices":[{"delta":{"content":"\\ude00 end"}}]}\n\n${said('')}`,
    ],
    { output: 'face 😀 end' },
  ],
  [
    'half a character and no more',
    `data: {"choices":[{"delta":{"content":"face \\ud83d"},"finish_reason":"stop"}]}\n\n`,
    { output: 'face \ufffd' },
  ],
  [
    'NaN and Infinity',
    `data: {"choices":[{"delta":{"content":"NaN it is"},"logprobs":NaN,"score":-Infinity,"finish_reason":"stop"}]}\n\n`,
    { output: 'NaN it is' },
  ],
  [
    'a line break inside of a JSON string',
    JSON.stringify({ choices: [{ message: { content: 'a\nb' }, finish_reason: 'stop' }] }).replace('\\n', '\n'),
    { output: 'a\nb' },
  ],
  [
    'choices that are null',
    `${event({ choices: [null] })}${event({ choices: null })}${event({ choices: [{ delta: null }] })}${said('Hi')}`,
    { output: 'Hi' },
  ],
  [
    'a choice in place of the list',
    event({ choices: { delta: { content: 'Hi' }, finish_reason: 'stop' } }),
    { output: 'Hi', finishReason: 'stop' },
  ],
  ['text in place of the delta', `${event({ choices: [{ delta: 'Hi' }] })}${said('')}`, { output: 'Hi' }],
  [
    'text as in completions',
    `${event({ choices: [{ index: 0, text: 'Hi', finish_reason: null }] })}${event({ choices: [{ text: '', finish_reason: 'stop' }] })}${done}`,
    { output: 'Hi' },
  ],
  ['a number as content', deltas('stop', { content: 42 }), { output: '42' }],
  ['false as content', deltas('stop', { content: false }), { output: 'false' }],
  ['an object as content', deltas('stop', { content: { answer: 42 } }), { output: '{"answer":42}' }],
  [
    'a list of parts as content',
    deltas('stop', { content: [{ type: 'text', text: 'Hi' }, ' there', null, { type: 'text', text: { value: '!' } }] }),
    { output: 'Hi there!' },
  ],
  [
    'an image among the parts',
    deltas('stop', {
      content: [
        { type: 'text', text: 'See' },
        { type: 'image_url', image_url: { url: 'data:,' } },
      ],
    }),
    { output: 'See', note: 'Parts of the answer that are no text are left out: "image_url".' },
  ],
  [
    'plain JSON',
    JSON.stringify({ choices: [{ message: { content: 'Hi' }, finish_reason: 'length' }], usage: token(7, 3) }),
    { output: 'Hi', finishReason: 'length', inputTokens: 7 },
  ],
  [
    'plain JSON behind white space that kept the connection',
    ['\n', ' \n', '\n\n', JSON.stringify({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] })],
    { output: 'Hi' },
  ],
  [
    'a chunk a line, without "data:"',
    said('Hi', ' there').replaceAll('data: ', '').replaceAll('\n\n', '\n'),
    { output: 'Hi there', finishReason: 'stop' },
  ],
  [
    'a list of chunks',
    JSON.stringify([
      { choices: [{ delta: { content: 'Hi' } }] },
      { choices: [{ delta: { content: '!' }, finish_reason: 'stop' }] },
    ]),
    { output: 'Hi!' },
  ],
  [
    'the whole message again in the end',
    `${chunk({ content: 'Hi ' })}${chunk({ content: 'there' })}${event({ choices: [{ message: { content: 'Hi there' }, finish_reason: 'stop' }] })}`,
    { output: 'Hi there', finishReason: 'stop' },
  ],
  [
    'the whole message so far each time',
    ['Hi', 'Hi the', 'Hi there'].map((content) => event({ choices: [{ message: { content } }] })).join('') +
      chunk({}, 'stop'),
    { output: 'Hi there' },
  ],
  [
    'a second answer that nobody asked for',
    `${event({
      choices: [
        { index: 0, delta: { content: 'One' } },
        { index: 1, delta: { content: 'Two' } },
      ],
    })}${said('')}`,
    { output: 'One' },
  ],
  [
    'a stream that a proxy framed once more',
    said('Hi').replaceAll('data: ', 'data: data: '),
    { output: 'Hi', finishReason: 'stop' },
  ],
  [
    'an answer in an envelope',
    JSON.stringify({
      code: 0,
      msg: 'ok',
      data: {
        choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 7, completion_tokens: 3 },
      },
    }),
    { output: 'Hi', finishReason: 'stop', inputTokens: 7 },
  ],
  [
    'the words of a spoken answer',
    deltas('stop', { audio: { id: 'a', transcript: 'Spoken ' } }, { audio: { transcript: 'words' } }),
    { output: 'Spoken words' },
  ],
  [
    'a second answer in front of the first',
    `${event({
      choices: [
        { index: 1, delta: { content: 'Two' } },
        { index: 0, delta: { content: 'One' } },
      ],
    })}${said('')}`,
    { output: 'One', finishReason: 'stop' },
  ],
  [
    'a first answer without anything in it',
    `${event({ choices: [{ index: 0, delta: { role: 'assistant' } }] })}${event({ choices: [{ index: 1, delta: { content: 'Two' }, finish_reason: 'stop' }] })}`,
    { output: 'Two' },
  ],
  [
    'errors that are none',
    `${chunk({ content: 'Hi' }, 'stop', { error: null, code: 0, message: 'success', base_resp: { status_code: 0, status_msg: '' } })}${chunk({}, null, { error: {} })}${chunk({}, null, { error: { code: 0, message: '' } })}${done}`,
    { output: 'Hi', status: 'succeeded' },
  ],
  [
    'the form of Ollama',
    `${JSON.stringify({ message: { role: 'assistant', content: 'Hi' }, done: false })}\n${JSON.stringify({ message: { content: '!' }, done: true, done_reason: 'length', prompt_eval_count: 7, eval_count: 3 })}\n`,
    { output: 'Hi!', finishReason: 'length', inputTokens: 7, outputTokens: 3 },
  ],
  [
    'the form of Anthropic',
    JSON.stringify({
      type: 'message',
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Hi' },
      ],
      stop_reason: 'end_turn',
      usage: { input_tokens: 7, output_tokens: 3 },
    }),
    { output: 'Hi', reasoning: 'Hm.', finishReason: 'stop', inputTokens: 7 },
  ],
];

const thinking: readonly Case[] = [
  [
    'a closing tag alone',
    said('The user wants a number.\nSo I say forty-two.\n', '</think>\n\nForty-two'),
    { output: 'Forty-two', reasoning: 'The user wants a number.\nSo I say forty-two.' },
  ],
  [
    'a closing tag alone, cut to pieces',
    said(...'Let me think.</think>Forty-two'),
    { output: 'Forty-two', reasoning: 'Let me think.' },
  ],
  [
    'a closing tag before JSON',
    said('internal reasoning\n</think>{"a":1}'),
    { output: '{"a":1}', reasoning: 'internal reasoning' },
  ],
  [
    'a closing tag left over from thoughts sent apart',
    deltas('stop', { reasoning_content: 'Hm.' }, { content: '</think>\n\nYes.' }),
    { output: 'Yes.', reasoning: 'Hm.' },
  ],
  [
    'a closing tag in prose',
    said('Use the </think> tag to end it.'),
    { output: 'Use the </think> tag to end it.', reasoning: '' },
  ],
  [
    'a closing tag in code',
    said('Write `x</think>y`:\n```\n</think>\n```\n'),
    { output: 'Write `x</think>y`:\n```\n</think>\n```\n', reasoning: '' },
  ],
  [
    'both tags in prose',
    said('Models write <think>…</think> before they answer.\nSee?'),
    { output: 'Models write <think>…</think> before they answer.\nSee?', reasoning: '' },
  ],
  ['a closing tag behind everything', said('Forty-two.\n</think>'), { output: 'Forty-two.', reasoning: '' }],
  [
    'thoughts without an end',
    said('<think>Forty-two, I', ' say.'),
    { output: '<think>Forty-two, I say.', reasoning: '' },
  ],
  [
    'thoughts without an end, behind others that came apart',
    deltas('stop', { reasoning_content: 'Hm.' }, { content: '<think>Yes.' }),
    { output: '<think>Yes.', reasoning: 'Hm.' },
  ],
  [
    'thoughts cut off by the limit',
    deltas('length', { content: '<think>Forty-two, I' }),
    { output: '', reasoning: 'Forty-two, I', finishReason: 'length' },
  ],
  [
    'two blocks of thoughts',
    said('<think>One.</think>\n<think>Two.</think>\nYes.'),
    { output: 'Yes.', reasoning: 'One.\n\nTwo.' },
  ],
  ...['thought', 'thinking', 'THINK', 'reasoning', 'analysis'].map(
    (tag): Case => [`<${tag}>`, said(`<${tag}>Hm.</${tag}>`, 'Yes.'), { output: 'Yes.', reasoning: 'Hm.' }],
  ),
  ['the channel of Gemma', said('<|channel>thought\nHm.\n<cha', 'nnel|>Yes.'), { output: 'Yes.', reasoning: 'Hm.' }],
  [
    'a second block behind the first part of the answer',
    said('<think>One.</think>\nFirst.\n\n<thi', 'nk>Two.</think>\nSecond.'),
    { output: 'First.\n\nSecond.', reasoning: 'One.\n\nTwo.' },
  ],
  [
    'a block within a block',
    said('<think>One <think>two</think>', ' three.</think>\nYes.'),
    { output: 'Yes.', reasoning: 'One <think>two\n\nthree.' },
  ],
  ['[THINK] of Magistral', said('[THINK]Hm.[/THINK]Yes.'), { output: 'Yes.', reasoning: 'Hm.' }],
  ['◁think▷ of Kimi-VL', said('◁think▷Hm.◁/think▷Yes.'), { output: 'Yes.', reasoning: 'Hm.' }],
  [
    'harmony channels',
    said('<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|chan', 'nel|>final<|message|>Yes.<|return|>'),
    { output: 'Yes.', reasoning: 'Hm.' },
  ],
  [
    'harmony channels without their beginning',
    said('Hm, well.<|end|><|start|>assistant<|channel|>final<|message|>Yes.'),
    { output: 'Yes.', reasoning: 'Hm, well.' },
  ],
  [
    'harmony channels without their tokens',
    said('analysisThe user asks.', ' Easy.assistant', 'finalYes.'),
    { output: 'Yes.', reasoning: 'The user asks. Easy.' },
  ],
  [
    'a call in harmony channels',
    said(
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city":"Bergen"}<|call|>',
    ),
    { output: '', reasoning: 'Hm.', toolCalls: [{ ...weather, id: '' }], finishReason: 'tool_calls' },
  ],
  [
    'a text that begins with the word analysis',
    said('analysis paralysis is the final word'),
    { output: 'analysis paralysis is the final word', reasoning: '' },
  ],
  [
    'reasoning_details',
    deltas(
      'stop',
      {
        reasoning_details: [
          { type: 'reasoning.text', text: 'Hm.' },
          { type: 'reasoning.encrypted', data: 'xx' },
        ],
      },
      { content: 'Yes.' },
    ),
    { output: 'Yes.', reasoning: 'Hm.' },
  ],
  [
    'the same thoughts under three names',
    deltas(
      'stop',
      { reasoning: 'Hm.', reasoning_content: 'Hm.', reasoning_details: [{ text: 'Hm.' }] },
      { content: 'Yes.' },
    ),
    { output: 'Yes.', reasoning: 'Hm.' },
  ],
  ['thinking', deltas('stop', { thinking: 'Hm.' }, { content: 'Yes.' }), { output: 'Yes.', reasoning: 'Hm.' }],
  [
    'reasoning as an object',
    deltas('stop', { reasoning: { content: 'Hm.' } }, { content: 'Yes.' }),
    { output: 'Yes.', reasoning: 'Hm.' },
  ],
  [
    'thoughts as parts of the content',
    deltas(
      'stop',
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] },
      { content: [{ type: 'text', text: 'Yes.' }] },
    ),
    { output: 'Yes.', reasoning: 'Hm.' },
  ],
];

const groups = { toolCalls, usages, ends, framing, thinking } satisfies Readonly<Record<string, readonly Case[]>>;

function contentTypeOf(body: string | readonly string[]): string {
  return body.toString().trimStart().startsWith('{') ? 'application/json' : 'text/event-stream';
}

let endpoint: AskedEndpoint;
beforeAll(async () => {
  const models: Record<string, Behaviour> = {};
  for (const [group, cases] of Object.entries(groups))
    for (const [name, body] of cases)
      models[`${group}/${name}`] = { kind: 'raw', body, contentType: contentTypeOf(body) };
  for (const [index, [word]] of reasons.entries())
    models[`reasons/${index}`] = { kind: 'raw', body: finished(word), contentType: 'text/event-stream' };
  endpoint = await askedEndpoint(models);
});
afterAll(() => endpoint.close());

async function check(model: string, { note, ...expected }: Expected): Promise<void> {
  const result = await endpoint.ask(model);
  expect(result).toMatchObject({ status: 'succeeded', ...expected });
  expect(result.notes).toEqual(note === undefined ? expect.anything() : [note]);
}

describe('tool calls', () => {
  test.each(toolCalls)('%s', (name, _body, expected) => check(`toolCalls/${name}`, expected));
});

describe('counts of tokens', () => {
  test.each(usages)('%s', (name, _body, expected) => check(`usages/${name}`, expected));

  test('the part that was cached has its own price', async () => {
    const price = { inputPerMillion: 10, outputPerMillion: 100, cachedInputPerMillion: 1 };
    const { cost } = await endpoint.ask('usages/with cached input of OpenAI', { price });
    expect(cost).toBeCloseTo((20 * 10 + 80 * 1 + 5 * 100) / 1_000_000, 12);
  });

  test('a cached part that is larger than the input is beside it, and each has its price', async () => {
    const price = { inputPerMillion: 10, outputPerMillion: 100, cachedInputPerMillion: 1 };
    const model = 'usages/with cached input beside the input, under the names of OpenAI';
    const { cost } = await endpoint.ask(model, { price });
    expect(cost).toBeCloseTo((10 * 10 + 80 * 1 + 5 * 100) / 1_000_000, 12);
  });

  test('thinking that the output leaves out is paid as output', async () => {
    const price = { inputPerMillion: 3, outputPerMillion: 15 };
    const { cost } = await endpoint.ask('usages/of xAI, whose total tells of thinking', { price });
    expect(cost).toBeCloseTo((32 * 3 + 1009 * 15) / 1_000_000, 12);
  });
});

describe('a finish reason', () => {
  test.each(reasons.map(([word, reason], index) => [JSON.stringify(word), reason, index] as const))(
    '%s is %s',
    async (_word, finishReason, index) => {
      expect(await endpoint.ask(`reasons/${index}`)).toMatchObject({
        status: 'succeeded',
        output: 'One two ',
        finishReason,
      });
    },
  );
});

describe('an answer that ends with', () => {
  test.each(ends)('%s', (name, _body, expected) => check(`ends/${name}`, expected));
});

describe('an answer is read through', () => {
  test.each(framing)('%s', (name, _body, expected) => check(`framing/${name}`, expected));
});

describe('thoughts are told from the answer:', () => {
  test.each(thinking)('%s', (name, _body, expected) => check(`thinking/${name}`, expected));
});
