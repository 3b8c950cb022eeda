import { expect, test } from 'vitest';
import { offersIn } from './offers.ts';

const names = (answer: unknown) => offersIn(answer)?.map((offer) => offer.model) ?? null;

test.each<[string, unknown, readonly string[] | null]>([
  ['OpenAI', { object: 'list', data: [{ id: 'a' }, { id: 'b' }, { id: 'a' }] }, ['a', 'b']],
  ['the bare list of Together', [{ id: 'a' }], ['a']],
  ['names alone', ['a', 'b'], ['a', 'b']],
  ['names in data', { data: ['a'] }, ['a']],
  ['Ollama', { models: [{ name: 'a:latest', model: 'a:latest' }] }, ['a:latest']],
  ['Ollama without any model', { object: 'list', data: null }, []],
  ['llama-server, which says it twice', { models: [{ name: 'x.gguf' }], data: [{ id: 'a' }] }, ['a']],
  ['Google', { models: [{ name: 'models/gemini', inputTokenLimit: 8 }] }, ['models/gemini']],
  ['Cloudflare', { success: true, result: [{ name: '@cf/a' }] }, ['@cf/a']],
  ['LM Studio', { models: [{ key: 'a/b', type: 'llm' }] }, ['a/b']],
  ['a list inside of data', { data: { models: [{ id: 'a' }] } }, ['a']],
  ['one model in place of the list', { data: { id: 'a' } }, ['a']],
  ['numbers as names', { data: [{ id: 7 }] }, ['7']],
  [
    'entries that are none',
    { data: [null, 5, [], {}, { id: '' }, { id: ' a ' }, { id: 'x'.repeat(201) }, { id: 'a\u0007b' }] },
    ['a'],
  ],
  ['an empty list', { data: [] }, []],
  ['something else', { hello: 1 }, null],
  ['text', 'Ollama is running', null],
])('the list of %s', (_name, answer, expected) => {
  expect(names(answer)).toEqual(expected);
});

test.each<[string, object, object]>([
  ['a context of text', { context_length: '128000' }, { contextLength: 128_000 }],
  ['a context of a fraction', { context_length: 10.5 }, { contextLength: 11 }],
  ['a context beyond belief', { context_length: 1e300 }, { contextLength: null }],
  ['a negative context before a good one', { context_length: -1, max_model_len: 4_096 }, { contextLength: 4_096 }],
  ['the context of the provider behind', { top_provider: { context_length: 64 } }, { contextLength: 64 }],
  ['a price beyond belief', { pricing: { prompt: 1e300, completion: 1 } }, { price: null }],
  ['a price that is not finite', { pricing: { input: 'Infinity', output: '1' } }, { price: null }],
  [
    'a price of nothing',
    { pricing: { prompt: '0', completion: '0' } },
    { price: { inputPerMillion: 0, outputPerMillion: 0 } },
  ],
  [
    'a price of cached input',
    { pricing: { prompt: '0.000003', completion: '0.000015', input_cache_read: '0.0000003' } },
    { price: { inputPerMillion: 3, outputPerMillion: 15, cachedInputPerMillion: 0.3 } },
  ],
])('%s', (_name, entry, expected) => {
  expect(offersIn([{ id: 'a', ...entry }])?.[0]).toMatchObject(expected);
});
