import { describe, expect, test } from 'vitest';
import type { GenerateRequest } from '../../../../src-core/ports.ts';
import { chatRequest, noteOf } from './chat-request.ts';

const request: GenerateRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ],
  sampling: { temperature: 0.2, topP: 0.9, maxTokens: 5, stop: ['END'], seed: 7 },
  tools: [{ name: 'now', description: 'The time', parameters: { type: 'object' } }],
  responseSchema: { type: 'object', properties: {}, required: [], additionalProperties: false },
};
const bodyWith = (neverSend: readonly string[], refused: readonly string[] = []) =>
  chatRequest('m', request, { neverSend, refused }).body;

describe('a request', () => {
  test.each([
    ['temperature', ['temperature']],
    ['top_p', ['top_p']],
    ['max_tokens', ['max_tokens']],
    ['stop', ['stop']],
    ['seed', ['seed']],
    ['tools', ['tools']],
    ['response_format', ['response_format']],
    ['stream_options', ['stream_options']],
    ['stream', ['stream', 'stream_options']],
  ])('goes without %s where a person says so, and with everything else', (field, gone) => {
    const all = bodyWith([]);
    expect(Object.keys(bodyWith([field])).sort()).toEqual(
      Object.keys(all)
        .filter((key) => !gone.includes(key))
        .sort(),
    );
  });

  test.each([
    ['max_tokens:max_completion_tokens', { max_completion_tokens: 5, max_tokens: undefined }],
    ['seed:random_seed', { random_seed: 7, seed: undefined }],
    ['response_format:json_object', { response_format: { type: 'json_object' } }],
  ])('has what stands in for a field: %s', (refusal, expected) => {
    expect(bodyWith([], [refusal])).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    );
    for (const [key, value] of Object.entries(expected))
      if (value === undefined) expect(bodyWith([], [refusal])).not.toHaveProperty(key);
  });

  test('leaves a field out beside another one only when both are there', () => {
    expect(bodyWith([], ['top_p+temperature'])).not.toHaveProperty('top_p');
    expect(bodyWith(['temperature'], ['top_p+temperature'])).toHaveProperty('top_p', 0.9);
  });

  test('puts the system message under another role, in front of the message that follows', () => {
    expect(bodyWith([], ['system:user']).messages).toEqual([{ role: 'user', content: 'Be brief.\n\nHi' }]);
    expect(bodyWith([], ['system:developer']).messages).toEqual([
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ]);
    const many: GenerateRequest = {
      sampling: {},
      messages: [
        { role: 'user', content: 'one' },
        { role: 'user', content: 'two' },
        { role: 'assistant', content: 'three' },
        { role: 'system', content: 'four' },
      ],
    };
    expect(chatRequest('m', many, { neverSend: ['system'], refused: [] }).body.messages).toEqual([
      { role: 'user', content: 'one' },
      { role: 'user', content: 'two' },
      { role: 'assistant', content: 'three' },
      { role: 'user', content: 'four' },
    ]);
  });

  test('tells of what it leaves out only where there was something to leave out', () => {
    const plain: GenerateRequest = { messages: [{ role: 'user', content: 'Hi' }], sampling: {} };
    expect(chatRequest('m', plain, { neverSend: ['temperature', 'system'], refused: ['seed'] }).changes).toEqual([]);
    const { changes } = chatRequest('m', request, { neverSend: ['seed'], refused: ['temperature', 'system:user'] });
    expect(changes.map((change) => noteOf('lab/m', change))).toEqual([
      'lab/m is set never to get seed, so it was not sent.',
      'lab/m does not take temperature, so it was not sent.',
      'lab/m does not take the role system, so it was sent as user.',
    ]);
  });
});
