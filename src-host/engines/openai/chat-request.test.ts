import { describe, expect, test } from 'vitest';
import { adaptationFor, chatBody } from './chat-request.ts';
import { messageIn } from './error-words.ts';

const request = { messages: [{ role: 'user' as const, content: 'Hi' }], sampling: { maxTokens: 5, seed: 7 } };
const body = chatBody('m', request, new Set());

describe('a rejected field', () => {
  test.each([
    [
      'OpenAI',
      400,
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_completion_tokens',
    ],
    ['a strict proxy', 400, 'Unrecognized request argument supplied: stream_options', 'no_stream_options'],
    ['a server', 422, 'seed: Extra inputs are not permitted', 'random_seed'],
  ])('of %s is replaced', (_who, status, said, adaptation) => {
    expect(adaptationFor(status, said, body)).toBe(adaptation);
  });

  test('is found in the nested details that Mistral sends', () => {
    const answer = {
      object: 'error',
      message: {
        detail: [{ type: 'extra_forbidden', loc: ['body', 'seed'], msg: 'Extra inputs are not permitted', input: 7 }],
      },
    };
    expect(adaptationFor(422, messageIn(answer), body)).toBe('random_seed');
    expect(chatBody('m', request, new Set(['random_seed']))).toMatchObject({ random_seed: 7 });
    expect(chatBody('m', request, new Set(['random_seed']))).not.toHaveProperty('seed');
  });

  test('is replaced once: when the request no longer has it, the rejection stands', () => {
    const adapted = chatBody('m', request, new Set(['no_stream_options', 'max_completion_tokens', 'random_seed']));
    expect(adaptationFor(400, 'stream_options is not supported', adapted)).toBeNull();
    expect(adaptationFor(400, 'max_completion_tokens is too large: max_tokens unsupported', adapted)).toBeNull();
    expect(adaptationFor(422, 'random_seed: Extra inputs are not permitted', adapted)).toBeNull();
  });

  test('is not looked for in other failures', () => {
    expect(adaptationFor(500, 'stream_options crashed', body)).toBeNull();
    expect(adaptationFor(400, 'max_tokens must be at most 4096', body)).toBeNull();
    expect(adaptationFor(400, 'The context is too long.', body)).toBeNull();
  });
});
