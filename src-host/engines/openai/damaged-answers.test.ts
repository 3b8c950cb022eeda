import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlainResult } from '../../../src-core/runs/testing/execute-plainly.ts';
import { type AskedEndpoint, askedEndpoint } from './testing/ask-endpoint.ts';
import type { Behaviour } from './testing/behaviours.ts';
import { chunk, deltas, done, event, said } from './testing/wire-text.ts';

type Case = readonly [
  name: string,
  body: string | readonly string[],
  expected: Partial<PlainResult> & { readonly notes: readonly string[] },
];

const one = chunk({ content: 'One ' });
const two = chunk({ content: 'two' });
const end = `${chunk({}, 'stop')}${done}`;
const json = (text: string) => text.trim().replace(/^data: /, '');
const lost = (what: string) =>
  `scripted sent a piece of its answer that cannot be read: "${what}"; what it held is missing.`;

const cases: readonly Case[] = [
  [
    'a broken chunk in the middle',
    `${one}data: {broken\n\n${two}${end}`,
    { output: 'One two', finishReason: 'stop', notes: [lost('{broken')] },
  ],
  [
    'a broken chunk in front',
    `data: {broken}\n\n${one}${two}${end}`,
    { output: 'One two', finishReason: 'stop', notes: [lost('{broken}')] },
  ],
  [
    'three broken chunks',
    `${one}${'data: {broken\n\n'.repeat(3)}${two}${end}`,
    {
      output: 'One two',
      notes: ['scripted sent 3 pieces of its answer that cannot be read: "{broken"; what it held is missing.'],
    },
  ],
  ['a broken list', `${one}data: [{"choices":\n\n${two}${end}`, { output: 'One two', notes: [lost('[{"choices":')] }],
  ['two objects in one event', `data: ${json(one)}${json(two)}\n\n${end}`, { output: 'One two', notes: [] }],
  [
    'objects and the end in one event',
    `data: ${json(one)} ${json(two)},${json(chunk({}, 'stop'))}[DONE]\n\n${chunk({ content: 'no more' })}`,
    { output: 'One two', finishReason: 'stop', notes: [] },
  ],
  [
    'objects with the name of the field between',
    `data: ${json(one)}data: ${json(two)}\n\n${end}`,
    { output: 'One two', notes: [] },
  ],
  [
    'braces in the strings of objects behind each other',
    `data: ${json(chunk({ content: '{"}\\' }))}${json(two)}\n\n${end}`,
    { output: '{"}\\two', notes: [] },
  ],
  [
    'a broken object between good ones in one event',
    `data: ${json(one)}{broken}${json(two)}\n\n${end}`,
    { output: 'One two', notes: [lost('{broken}')] },
  ],
  [
    'a chunk cut in two events',
    `${one}data: ${json(two).slice(0, 50)}\n\ndata: ${json(two).slice(50)}\n\n${end}`,
    { output: 'One two', finishReason: 'stop', notes: [] },
  ],
  [
    'a chunk cut in front of a brace',
    `${one}data: {"choices":[\n\ndata: {"delta":{"content":"two"}}]}\n\n${end}`,
    { output: 'One two', notes: [] },
  ],
  [
    'a chunk cut in three, with a ping between',
    `${one}data: ${json(two).slice(0, 40)}\n\ndata: ${json(two).slice(40, 60)}\n\ndata: ping\n\n: ping\n\ndata: ${json(two).slice(60)}\n\n${end}`,
    { output: 'One two', notes: [] },
  ],
  [
    'a last chunk that never ends',
    `${one}data: ${json(two).slice(0, 50)}`,
    {
      status: 'succeeded',
      output: 'One ',
      finishReason: 'incomplete',
      notes: [lost(json(two).slice(0, 50)), 'scripted ended the answer without saying why; it may not be complete.'],
    },
  ],
  [
    'line breaks in a string that nobody escaped',
    `${one}${json(chunk({ content: 'a|b||c: d' }))
      .replace(/^/, 'data: ')
      .replaceAll('|', '\n')}\n\n${two}${end}`,
    { output: 'One a\nb\n\nc: dtwo', notes: [] },
  ],
  [
    'a broken line among others',
    [json(one), '{broken', json(two), json(chunk({}, 'stop'))].join('\n'),
    { output: 'One two', finishReason: 'stop', notes: [lost('{broken')] },
  ],
  [
    'words behind plain JSON',
    `${JSON.stringify({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] })}\nError: pipe closed`,
    { output: 'Hi', finishReason: 'stop', notes: [lost('Error: pipe closed')] },
  ],
  [
    'half of a character',
    `${chunk({ content: 'face \ud83d' }, 'stop')}${done}`,
    { output: 'face \ufffd', notes: ['scripted sent half of a character, which is shown as "\ufffd".'] },
  ],
  [
    'nothing that can be read',
    `data: {broken\n\ndata: {more\n\n${done}`,
    {
      status: 'failed',
      error: {
        code: 'unavailable',
        message: 'scripted sent something that is not part of a chat completion: "{broken".',
        details: expect.anything(),
      },
      notes: [],
    },
  ],
  [
    'an error behind a broken chunk',
    `${one}data: {broken\n\n${event({ error: { message: 'Out of memory' } })}`,
    {
      status: 'failed',
      output: 'One ',
      error: expect.objectContaining({ message: expect.stringContaining('"Out of memory"') }),
      notes: [],
    },
  ],
  [
    'a tool call in two objects of one event',
    `data: ${json(deltas('tool_calls', { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }] }).split('\n\n')[0]!)}${json(chunk({ tool_calls: [{ index: 0, function: { arguments: '}' } }] }))}\n\n${chunk({}, 'tool_calls')}${done}`,
    { toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }], finishReason: 'tool_calls', notes: [] },
  ],
];

let endpoint: AskedEndpoint;
beforeAll(async () => {
  const models: Record<string, Behaviour> = {
    whole: { kind: 'raw', body: said('Hi'), contentType: 'text/event-stream' },
  };
  for (const [name, body] of cases) models[name] = { kind: 'raw', body, contentType: 'text/event-stream' };
  endpoint = await askedEndpoint(models);
});
afterAll(() => endpoint.close());

describe('what can be read of a damaged answer is kept, and what cannot is told:', () => {
  test.each(cases)('%s', async (name, _body, expected) => {
    expect(await endpoint.ask(name)).toMatchObject(expected);
  });

  test('a whole answer has no notes', async () => {
    expect(await endpoint.ask('whole')).toMatchObject({ output: 'Hi', notes: [] });
  });
});
