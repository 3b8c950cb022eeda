import { describe, expect, test } from 'vitest';
import type { GenerateRequest } from '../../../../src-core/ports.ts';
import type { Failure } from '../failures/failures.ts';
import { type Change, chatRequest } from './chat-request.ts';
import { remediesFor } from './refusals.ts';

const request: GenerateRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ],
  sampling: { temperature: 0.2, topP: 0.9, maxTokens: 5, stop: ['END'], seed: 7 },
  tools: [{ name: 'now', description: 'The time', parameters: { type: 'object' } }],
  responseSchema: { type: 'object', properties: {}, required: [], additionalProperties: false },
};
const { body } = chatRequest('m', request, { neverSend: [], refused: [] });

function refusedBy(status: number | undefined, said: unknown, sent = body, changes: readonly Change[] = []) {
  const failure: Failure = {
    code: 'invalid',
    problem: 'rejected',
    message: 'shortened…',
    retryable: false,
    body: said,
    ...(status !== undefined && { status }),
  };
  return remediesFor(failure, sent, changes).map(({ refusal }) => refusal);
}

const openAi = (message: string, param: string | null = null, code: string | null = null) => ({
  error: { message, type: 'invalid_request_error', param, code },
});
const litellm =
  "litellm.BadRequestError: Error code: 400 while routing the request through gateway eu-west-1/prod, deployment azure/openai/reasoning-large-2025-01-31, model group reasoning-large, attempt 1 of 1, no fallbacks configured: {'error': {'message': \"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.\"}}";

const refusedFields: readonly (readonly [string, number | undefined, unknown, readonly string[]])[] = [
  [
    'OpenAI, max_tokens',
    400,
    openAi(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    ),
    ['max_tokens:max_completion_tokens'],
  ],
  [
    'OpenAI, temperature',
    400,
    openAi(
      "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
      'temperature',
      'unsupported_value',
    ),
    ['temperature'],
  ],
  ['OpenAI, only in param', 400, openAi('Unsupported parameter.', 'top_p', 'unsupported_parameter'), ['top_p']],
  ['OpenAI, only in code and param', 400, openAi('Bad request.', 'seed', 'unknown_parameter'), ['seed']],
  [
    'OpenAI, system',
    400,
    openAi("Unsupported value: 'messages[0].role' does not support 'system' with this model.", 'messages[0].role'),
    ['system:user'],
  ],
  [
    'OpenAI, system for developer',
    400,
    openAi("Unsupported value: 'messages[0].role' does not support 'system'. Use 'developer' instead."),
    ['system:developer'],
  ],
  [
    'OpenAI, stream',
    400,
    openAi(
      'Your organization must be verified to stream this model. Please go to: https://platform.openai.com/settings',
      'stream',
      'unsupported_value',
    ),
    ['stream'],
  ],
  [
    'litellm, far into a long message',
    400,
    { error: { message: litellm, code: '400' } },
    ['max_tokens:max_completion_tokens'],
  ],
  [
    'litellm, its own check',
    400,
    {
      error: {
        message:
          "litellm.UnsupportedParamsError: bedrock does not support parameters: {'seed': 7}, for model=x. To drop these, set `litellm.drop_params=True`",
      },
    },
    ['seed'],
  ],
  ['litellm with status 500', 500, { error: { message: litellm, code: '500' } }, ['max_tokens:max_completion_tokens']],
  [
    'Gemini, in a list',
    400,
    [{ error: { code: 400, message: 'Invalid JSON payload received. Unknown name "seed": Cannot find field.' } }],
    ['seed'],
  ],
  [
    'Gemini, several at once',
    400,
    [
      {
        error: {
          code: 400,
          message:
            'Invalid JSON payload received. Unknown name "seed": Cannot find field.\nInvalid JSON payload received. Unknown name "stream_options": Cannot find field.',
        },
      },
    ],
    ['stream_options', 'seed'],
  ],
  [
    'Google, field violations',
    400,
    {
      error: {
        code: 400,
        message: 'Request contains an invalid argument.',
        details: [{ fieldViolations: [{ field: 'stop', description: 'Cannot find field.' }] }],
      },
    },
    ['stop'],
  ],
  ['Gemma', 400, openAi('Developer instruction is not enabled for models/gemma-3-27b-it'), ['system:user']],
  ['Gemma, JSON', 400, openAi('JSON mode is not enabled for models/gemma-3-27b-it'), ['response_format']],
  [
    'FastAPI',
    422,
    {
      detail: [
        { type: 'extra_forbidden', loc: ['body', 'stop'], msg: 'Extra inputs are not permitted', input: ['END'] },
      ],
    },
    ['stop'],
  ],
  [
    'FastAPI, two fields',
    422,
    {
      detail: [
        { type: 'extra_forbidden', loc: ['body', 'top_p'], msg: 'Extra inputs are not permitted' },
        { type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' },
      ],
    },
    ['stream_options', 'top_p'],
  ],
  [
    'Mistral',
    422,
    {
      object: 'error',
      message: {
        detail: [{ type: 'extra_forbidden', loc: ['body', 'seed'], msg: 'Extra inputs are not permitted', input: 7 }],
      },
    },
    ['seed:random_seed'],
  ],
  [
    'a gateway that wraps JSON in text',
    400,
    openAi(JSON.stringify({ error: { message: "Unknown parameter: 'top_p'.", param: 'top_p' } })),
    ['top_p'],
  ],
  ['old OpenAI', 400, openAi('Unrecognized request argument supplied: stream_options'), ['stream_options']],
  ['old OpenAI, a common word', 400, openAi('Unrecognized request argument supplied: stop'), ['stop']],
  ['Go', 400, { error: 'json: unknown field "stream_options"' }, ['stream_options']],
  [
    'Rust',
    422,
    'Failed to deserialize the JSON body: unknown field `seed`, expected one of `model`, `messages`, `temperature`, `top_p`, `stop` at line 1',
    ['seed'],
  ],
  ['JSON schema', 400, { message: "Additional properties are not allowed ('seed' was unexpected)" }, ['seed']],
  ['Groq', 400, openAi("property 'stop' is unsupported, did you mean 'stream'?"), ['stop']],
  ['Claude', 400, openAi('`temperature` is deprecated for this model.'), ['temperature']],
  [
    'Claude, two together',
    400,
    openAi('`temperature` and `top_p` cannot both be specified for this model. Please use only one.'),
    ['top_p+temperature'],
  ],
  ['German', 400, { message: 'Der Parameter top_p wird nicht unterstützt.' }, ['top_p']],
  ['French', 400, { message: "Le paramètre « top_p » n'est pas pris en charge." }, ['top_p']],
  ['Spanish', 400, { message: 'El parámetro seed no es compatible con este modelo', param: 'seed' }, ['seed']],
  ['Chinese', 400, { error: { message: '参数 temperature 不支持', code: '1210' } }, ['temperature']],
  ['Chinese, of a common word', 400, { msg: '该模型不支持 stop 参数' }, ['stop']],
  ['Japanese', 400, openAi('このモデルでは top_p はサポートされていません'), ['top_p']],
  ['Korean', 400, openAi('이 모델은 seed 매개변수를 지원하지 않습니다', 'seed'), ['seed']],
  [
    'FastAPI with pydantic 1, system',
    422,
    {
      detail: [
        {
          loc: ['body', 'messages', 0, 'role'],
          msg: "unexpected value; permitted: 'user', 'assistant'",
          type: 'value_error.const',
        },
      ],
    },
    ['system:user'],
  ],
  [
    'FastAPI with pydantic 2, system',
    422,
    { detail: [{ loc: ['body', 'messages', 0, 'role'], msg: "Input should be 'user' or 'assistant'" }] },
    ['system:user'],
  ],
  [
    'Rust, system',
    422,
    'messages[0].role: unknown variant `system`, expected one of `user`, `assistant`, `tool` at line 1 column 60',
    ['system:user'],
  ],
  ['Gemini, system', 400, openAi('Please use a valid role: user, model.'), ['system:user']],
  ['Kimi, system', 400, openAi('role must be one of user, assistant, tool'), ['system:user']],
  ['Kimi', 400, openAi('invalid temperature: only 0.6 is allowed for this model'), ['temperature']],
  ['Ollama', 400, openAi('registry.ollama.ai/library/gemma:2b does not support tools'), ['tools']],
  ['OpenRouter', 404, openAi('No endpoints found that support tool use. To learn more, visit the docs.'), ['tools']],
  ['DeepSeek', 400, openAi('This response_format type is unavailable now'), ['response_format']],
  [
    'Groq, with another format',
    400,
    openAi("response_format 'json_schema' is not supported; only 'json_object' and 'text' are supported"),
    ['response_format:json_object'],
  ],
  [
    'a server without strict',
    400,
    openAi("Invalid response_format: 'strict' is not supported."),
    ['response_format:loose'],
  ],
  [
    'llama.cpp, a template',
    500,
    { error: { code: 500, message: 'System role not supported', type: 'server_error' } },
    ['system:user'],
  ],
  [
    'vLLM, a template',
    400,
    { object: 'error', message: 'Only user and assistant roles are supported!', type: 'BadRequestError' },
    ['system:user'],
  ],
  [
    'vLLM, another template',
    400,
    { object: 'error', message: 'Conversation roles must alternate user/assistant/user/assistant/...' },
    ['system:user'],
  ],
  ['a model that does not stream', 400, openAi('Streaming is not supported for this model.'), ['stream']],
  ['an error inside of a 200', undefined, openAi("Unsupported parameter: 'seed'"), ['seed']],
  ['plain text', 400, 'seed: Extra inputs are not permitted', ['seed:random_seed']],
];

describe('a refused field is found in what the endpoint says, whole:', () => {
  test.each(refusedFields)('%s', (_who, status, said, expected) => {
    expect(refusedBy(status, said)).toEqual(expected);
  });
});

describe('nothing is left out because of', () => {
  test.each<[string, number | undefined, unknown]>([
    [
      'a context that is too long, though it names max_tokens',
      400,
      openAi(
        "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens (1000 in the messages, 8000 in the completion). Please reduce max_tokens; a longer completion is not supported.",
        'max_tokens',
      ),
    ],
    [
      'a context that is too long, as vLLM says it',
      400,
      {
        object: 'error',
        message:
          "'max_tokens' or 'max_completion_tokens' is too large: 9000. This model's maximum context length is 4096 tokens and your request has 1000 input tokens. (parameter=max_tokens, value=9000)",
        param: 'max_tokens',
        code: 400,
      },
    ],
    [
      'a value that is too large',
      400,
      openAi(
        'max_tokens is too large: 99999. This model supports at most 16384 completion tokens.',
        'max_tokens',
        'invalid_value',
      ),
    ],
    [
      'a value out of its range',
      400,
      openAi('Invalid temperature: temperature must be between 0 and 1; 3 is not supported.'),
    ],
    ['a value below the least', 400, openAi('max_tokens must be greater than or equal to 16, 5 is not allowed.')],
    ['a limit of stop sequences', 400, openAi("'stop' is not allowed to have more than 4 sequences.")],
    [
      'a schema that is wrong',
      400,
      openAi("Invalid schema for response_format 'answer': 'patternProperties' is not permitted."),
    ],
    ['a model that does not exist', 404, openAi('The model `gpt-9` does not exist or you do not have access to it.')],
    ['a picture that it cannot see', 400, openAi('This model does not support image inputs.')],
    ['a missing key', 401, openAi("Unsupported parameter: 'seed'")],
    ['a rate limit', 429, openAi("Unsupported parameter: 'seed'")],
    ['a server that crashed', 500, openAi('stream_options crashed')],
    ['a server that crashed over a field', 500, openAi('Unexpected error while seed was read')],
    ['a field that is not in the request', 400, openAi("Unsupported parameter: 'logit_bias'")],
    ['words of the language', 400, openAi('Please stop. This kind of question is not supported.')],
    ['a limit in Chinese', 400, { error: { message: 'max_tokens 不支持大于 4096 的值' } }],
    ['roles with the one that was sent', 400, openAi("role must be one of 'system', 'user', 'assistant'")],
    ['a moderation', 400, openAi('Your prompt was not accepted because of the tools that it describes in the system.')],
    [
      'what the endpoint repeats of the request',
      422,
      {
        detail: [
          {
            type: 'string_type',
            loc: ['body', 'user'],
            msg: 'Input should be a string',
            input: { seed: 'seed is not supported' },
          },
        ],
      },
    ],
    ['an empty body', 400, ''],
    ['a body of any shape', 400, { error: { error: [null, 7, { detail: {} }] } }],
  ])('%s', (_what, status, said) => {
    expect(refusedBy(status, said).filter((refusal) => refusal !== 'response_format:loose')).toEqual([]);
  });
});

describe('what took the place of a field', () => {
  const replaced = (refused: readonly string[]) => chatRequest('m', request, { neverSend: [], refused });

  test('is left out as well when it is refused too', () => {
    const limit = replaced(['max_tokens:max_completion_tokens']);
    expect(refusedBy(400, openAi("Unsupported parameter: 'max_completion_tokens'"), limit.body, limit.changes)).toEqual(
      ['max_tokens'],
    );
    const seed = replaced(['seed:random_seed']);
    expect(refusedBy(422, 'random_seed: Extra inputs are not permitted', seed.body, seed.changes)).toEqual(['seed']);
    const role = replaced(['system:developer']);
    expect(refusedBy(400, openAi("'messages[0].role' does not support 'developer'"), role.body, role.changes)).toEqual([
      'system:user',
    ]);
  });

  test('is not looked for when the request has neither', () => {
    const { body: none, changes } = replaced(['stream_options', 'max_tokens', 'seed']);
    for (const said of ['stream_options is not supported', 'max_tokens is not supported', 'seed is not supported'])
      expect(refusedBy(400, said, none, changes)).toEqual([]);
  });
});

test('a schema that cannot be held to strictly is asked for loosely, for this run only', () => {
  const failure: Failure = {
    code: 'invalid',
    problem: 'rejected',
    message: '',
    retryable: false,
    status: 400,
    body: openAi("Invalid schema for response_format 'answer': schema must have a type."),
  };
  expect(remediesFor(failure, body, [])).toEqual([{ refusal: 'response_format:loose', lasting: false }]);
});
