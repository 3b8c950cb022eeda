import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeRefusal } from '../../../../src-core/models/describe-refusal.ts';
import type { GenerateRequest, RemoteTarget } from '../../../../src-core/ports.ts';
import { createRemoteEngine } from '../remote-engine.ts';
import { drive, hello, targetOf } from '../testing/drive.ts';
import { type ScriptedEndpoint, startScriptedEndpoint } from '../testing/scripted-endpoint.ts';
import { chatRequest } from './chat-request.ts';
import { remediesFor } from './refusals.ts';

const request: GenerateRequest = {
  messages: [{ role: 'user', content: 'Hi' }],
  sampling: { temperature: 0.2, maxTokens: 5, stop: ['END'], seed: 7 },
};

function remedies(said: unknown, asked = request, refused: readonly string[] = []) {
  const { body, changes } = chatRequest('m', asked, { neverSend: [], refused });
  const failure = { code: 'invalid', problem: 'rejected', message: '', retryable: false, status: 422 } as const;
  return remediesFor({ ...failure, body: said }, body, changes).map(({ refusal }) => refusal);
}

const detail = (loc: readonly unknown[], msg: string) => ({
  detail: [{ type: 'string_type', loc, msg, input: ['END'] }],
});

describe('a field that an endpoint wants in another type is sent in that:', () => {
  test.each<[string, unknown, string]>([
    ['pydantic', detail(['body', 'stop'], 'Input should be a valid string'), 'stop:=string'],
    ['pydantic 1', detail(['body', 'stop'], 'str type expected'), 'stop:=string'],
    ['zod', { error: { issues: [{ path: ['stop'], message: 'Expected string, received array' }] } }, 'stop:=string'],
    ['OpenAI', "Invalid type for 'stop': expected a string, but got an array instead.", 'stop:=string'],
    ['Go', 'json: cannot unmarshal array into Go struct field ChatRequest.stop of type string', 'stop:=string'],
    ['serde', 'stop: invalid type: sequence, expected a string at line 1 column 90', 'stop:=string'],
    ['JSON Schema', "['END'] is not of type 'string' - 'stop'", 'stop:=string'],
    [
      'Jackson',
      'Cannot deserialize value of type `java.lang.String` from Array value (token `JsonToken.START_ARRAY`)\n at (through reference chain: ChatRequest["stop"])',
      'stop:=string',
    ],
    ['plain words', '`stop` must be a string.', 'stop:=string'],
    ['Chinese', 'stop 参数必须是字符串', 'stop:=string'],
    ['a seed in text', detail(['body', 'seed'], 'Input should be a valid string'), 'seed:=string'],
    ['a temperature in text', 'temperature must be a string', 'temperature:=string'],
    ['messages in parts', detail(['body', 'messages', 0, 'content'], 'Input should be a valid list'), 'content:=list'],
  ])('%s', (_who, said, refusal) => {
    expect(remedies(said)).toEqual([refusal]);
  });

  test('but not several texts as one, which they are not', () => {
    const said = detail(['body', 'stop'], 'Input should be a valid string');
    expect(remedies(said, { ...request, sampling: { stop: ['A', 'B'] } })).toEqual([]);
  });

  test('and is left out when it is refused in that type too', () => {
    expect(remedies('Unsupported parameter: stop', request, ['stop:=string'])).toEqual(['stop']);
    expect(remedies('`stop` must be a list', request, ['stop:=string'])).toEqual([]);
  });

  test('under the name that it was given before', () => {
    const said = detail(['body', 'stop_sequences'], 'Input should be a valid string');
    expect(remedies(said, request, ['stop:stop_sequences'])).toEqual(['stop_sequences:=string']);
    const { body } = chatRequest('m', request, {
      neverSend: [],
      refused: ['stop:stop_sequences', 'stop_sequences:=string'],
    });
    expect(body).toMatchObject({ stop_sequences: 'END' });
    expect(body).not.toHaveProperty('stop');
  });
});

describe('nothing is changed for', () => {
  test.each<[string, unknown]>([
    ['a prompt that must be a string', 'The prompt must be a string.'],
    ['an answer that must be a list', 'The response must be a JSON array.'],
    ['a text of the person', detail(['body', 'user'], 'Input should be a valid string')],
    ['what may be either', '`stop` must be a string or must be a list of strings'],
    ['a value out of its range', '`stop` must be at most 4 strings'],
    ['a schema', detail(['body', 'response_format', 'type'], 'Input should be a valid string')],
  ])('%s', (_what, said) => {
    expect(remedies(said)).toEqual([]);
  });
});

let endpoint: ScriptedEndpoint;
const engine = createRemoteEngine({ retry: { baseMs: 1 } });
beforeAll(async () => {
  endpoint = await startScriptedEndpoint({
    models: {
      'one-stop': {
        kind: 'answer',
        rejects: { part: '"stop":[', message: "[{'loc': ['body', 'stop'], 'msg': 'Input should be a valid string'}]" },
      },
      parts: {
        kind: 'answer',
        text: 'Hello',
        usage: false,
        rejects: { part: '"content":"', message: 'messages.0.content: Input should be a valid list' },
      },
    },
  });
});
afterAll(async () => {
  engine.dispose();
  await endpoint.close();
});
afterEach(() => endpoint.reset());

function remembering(model: string) {
  const reports: (readonly string[])[] = [];
  const target: RemoteTarget = targetOf(endpoint.baseUrl, model, { onRefused: (refused) => reports.push(refused) });
  return { target, reports };
}

test('the run says so once, and the model is asked so from then on', async () => {
  const { target, reports } = remembering('one-stop');
  const stopping: GenerateRequest = { ...hello, sampling: { stop: ['END'] } };
  const first = await drive(engine, target, stopping);
  expect(first).toMatchObject({ error: null, text: 'Hello dear world' });
  expect(first.events).toContainEqual({
    kind: 'note',
    text: 'scripted/one-stop takes stop only as a string, so it was sent as one.',
  });
  const second = await drive(engine, target, stopping);
  expect(second.events.some(({ kind }) => kind === 'note')).toBe(false);
  expect(endpoint.requests.map(({ body }) => body.stop)).toEqual([['END'], 'END', 'END']);
  expect(reports).toEqual([['stop:=string']]);
  expect(describeRefusal('stop:=string')).toBe('stop other than as a string');
  // A prompt with several is sent as ever, and its refusal is the endpoint's own.
  const several = await drive(engine, target, { ...hello, sampling: { stop: ['A', 'B'] } });
  expect(several.error?.message).toContain('Input should be a valid string');
});

test('messages become lists of parts for an endpoint that takes nothing else', async () => {
  const { target, reports } = remembering('parts');
  expect(await drive(engine, target)).toMatchObject({ error: null, text: 'Hello' });
  expect(endpoint.requests.at(-1)?.body.messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Hello dear world' }] },
  ]);
  expect(reports).toEqual([['content:=list']]);
});
