import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOfStatus } from './failures/failures.ts';
import { type AskedEndpoint, askedEndpoint } from './testing/ask-endpoint.ts';
import type { Behaviour } from './testing/behaviours.ts';
import { chunk, done, event, said } from './testing/wire-text.ts';

/** An error body as servers send it, and the words in it that a person must get. */
type Body = readonly [name: string, body: unknown, words: string];

const bodies: readonly Body[] = [
  [
    'of OpenAI',
    { error: { message: 'No such thing', type: 'invalid_request_error', param: 'seed', code: null } },
    'No such thing (seed)',
  ],
  [
    'in a list, as Gemini sends it',
    [{ error: { code: 400, message: 'Unknown name "seed": Cannot find field.', status: 'INVALID_ARGUMENT' } }],
    'Unknown name "seed": Cannot find field',
  ],
  ['of vLLM', { object: 'error', message: 'Too long', type: 'BadRequestError', code: 400 }, 'Too long'],
  ['of FastAPI', { detail: 'Not loaded' }, 'Not loaded'],
  [
    'in JSON that was cut at the size limit',
    `{"error":{"code":400,"message":"Too \\"long\\" a text","input":"${'x'.repeat(2_000)}`,
    'Too "long" a text',
  ],
  [
    'of FastAPI, in a list',
    {
      detail: [
        { type: 'extra_forbidden', loc: ['body', 'seed'], msg: 'Extra inputs are not permitted' },
        { loc: ['body', 'stop', 0], msg: 'Too short' },
      ],
    },
    'seed: Extra inputs are not permitted; stop.0: Too short',
  ],
  [
    'of Mistral',
    { object: 'error', message: { detail: [{ loc: ['body', 'seed'], msg: 'Extra inputs are not permitted' }] } },
    'seed: Extra inputs are not permitted',
  ],
  [
    'of Cloudflare',
    { success: false, errors: [{ code: 7003, message: 'Could not route' }], result: null },
    'Could not route',
  ],
  [
    'of TGI',
    { error: 'Input validation error: too long', error_type: 'validation' },
    'Input validation error: too long',
  ],
  ['of OAuth', { error: 'invalid_client', error_description: 'Key unknown' }, 'invalid_client: Key unknown'],
  [
    'of Spring',
    { timestamp: 1, status: 500, error: 'Internal Server Error', message: 'Pool is empty', path: '/v1' },
    'Internal Server Error: Pool is empty',
  ],
  ['of Zhipu', { error: { code: '1211', message: '模型不存在' } }, '模型不存在'],
  ['of Baidu', { error_code: 110, error_msg: 'Access token invalid' }, 'Access token invalid'],
  ['of Baidu, without words', { error_code: 17 }, 'code 17'],
  ['of WeChat', { errcode: 40_013, errmsg: 'invalid appid' }, 'invalid appid'],
  ['of WeChat, without words', { errcode: 40_013, errmsg: '' }, 'code 40013'],
  ['with a code and a reason', { code: 'E42', reason: 'The queue is full' }, 'The queue is full'],
  ['with a code and no reason', { code: 'E42', reason: null }, 'E42'],
  ['with a fault in text', { fault: 'Worker lost' }, 'Worker lost'],
  ['with a fault that has a code alone', { fault: { faultcode: 'soap:Server' } }, 'soap:Server'],
  ['in capitals', { ErrorCode: 7, ErrorMessage: 'Not now' }, 'Not now'],
  ['with retcode', { retcode: -3, retmsg: 'Signature expired' }, 'Signature expired'],
  ['with resultCode', { resultCode: '1001', resultMsg: 'No such app' }, 'No such app'],
  ['with a number as its error', { error: 17 }, 'code 17'],
  ['of Spark', { header: { code: 10_013, message: 'Input is refused', sid: 'x' } }, 'Input is refused'],
  ['of Volcano', { ResponseMetadata: { Error: { Code: 'X', Message: 'Sign in' } } }, 'Sign in'],
  ['of DashScope', { code: 'InvalidParameter', message: 'Range of top_p', request_id: 'x' }, 'Range of top_p'],
  ['of Tencent', { Response: { Error: { Code: 'AuthFailure', Message: 'Secret wrong' } } }, 'Secret wrong'],
  ['of MiniMax', { base_resp: { status_code: 2013, status_msg: 'invalid params' } }, 'invalid params'],
  ['with success and msg', { success: false, msg: 'Out of stock', code: 500 }, 'Out of stock'],
  ['with truth as its error', { error: true, message: 'Over there' }, 'Over there'],
  ['of RFC 9457', { type: 'about:blank', title: 'Bad thing', detail: 'It is the seed', status: 400 }, 'It is the seed'],
  ['of AWS', { __type: 'ThrottlingException', message: 'Slow down' }, 'Slow down'],
  ['of Lambda', { errorMessage: 'Boom', errorType: 'Error' }, 'Boom'],
  ['of Apigee', { fault: { faultstring: 'Quota gone', detail: { errorcode: 'x' } } }, 'Quota gone'],
  [
    'of Azure',
    { error: { code: 'content_filter', message: 'Filtered', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
    'Filtered',
  ],
  [
    'of OpenRouter, with the words of the provider',
    {
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: { raw: '{"error":{"message":"temperature is out of range"}}', provider_name: 'X' },
      },
    },
    'Provider returned error: temperature is out of range',
  ],
  ['with JSON in its message', { error: { message: '{"error":{"message":"The inner one"}}' } }, 'The inner one'],
  ['with a type alone', { error: { type: 'overloaded_error' } }, 'overloaded_error'],
  ['that is text', 'The model is being loaded', 'The model is being loaded'],
  ['that is JSON text', '"Just this"', 'Just this'],
  [
    'that is a page',
    '<html><head><title>502 Bad &amp; Gateway</title></head><body><h1>nginx</h1></body></html>',
    '502 Bad & Gateway',
  ],
  [
    'that is a page without a title',
    '<!DOCTYPE html><body><h1 class="x">Under <b>construction</b></h1></body>',
    'Under construction',
  ],
  [
    'that is XML',
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    'Access Denied',
  ],
  ['with terminal escapes', { error: { message: '\u001b[2J\u001b]0;title\u0007Red\u0000 alert' } }, 'Red alert'],
];

const asText = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

interface InAnswer {
  readonly body: string;
  readonly message: string | RegExp;
  readonly output?: string;
  readonly code?: string;
}

/** Errors behind status 200: whole answers, and events of a stream. */
const inAnswers: Readonly<Record<string, InAnswer>> = {
  'an error object': {
    body: JSON.stringify({ error: { message: 'Gone', code: 404 } }),
    message: 'scripted has no model "an error object", or no chat API at $URL (404): "Gone".',
    code: 'not_found',
  },
  'an error as text': {
    body: JSON.stringify({ error: 'Offline since Monday' }),
    message: 'scripted failed while it answered: "Offline since Monday".',
  },
  'a list of errors': {
    body: JSON.stringify([{ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }]),
    message: 'scripted failed on its side (503): "The model is overloaded".',
  },
  'base_resp of MiniMax': {
    body: JSON.stringify({ choices: null, base_resp: { status_code: 1004, status_msg: 'login fail' } }),
    message: 'scripted asks for an API key (401): "login fail"; enter one in Models.',
    code: 'denied',
  },
  'code and message': {
    body: JSON.stringify({ code: 'InvalidApiKey', message: 'Invalid API-key provided.' }),
    message: /401\): "Invalid API-key provided"/,
    code: 'denied',
  },
  'success false': {
    body: JSON.stringify({ code: 500, msg: '404 NOT_FOUND', success: false }),
    message: 'scripted failed while it answered: "404 NOT_FOUND".',
  },
  'error_code and error_msg': {
    body: JSON.stringify({ error_code: 17, error_msg: 'Open api daily request limit reached' }),
    message: 'scripted failed while it answered: "Open api daily request limit reached".',
  },
  'error_code without words': {
    body: JSON.stringify({ error_code: 17 }),
    message: 'scripted failed while it answered: "code 17".',
  },
  'errcode and errmsg': {
    body: JSON.stringify({ errcode: 45_009, errmsg: 'reach max api daily quota limit' }),
    message: 'scripted failed while it answered: "reach max api daily quota limit".',
  },
  'code and reason': {
    body: JSON.stringify({ code: 'MODEL_BUSY', reason: 'All workers are busy' }),
    message: 'scripted failed on its side (503): "All workers are busy".',
  },
  'a fault': {
    body: JSON.stringify({ fault: { faultstring: 'Spike arrest', detail: { errorcode: 'policies.ratelimit' } } }),
    message: 'scripted failed while it answered: "Spike arrest".',
  },
  'a header': {
    body: JSON.stringify({ header: { code: 10_013, message: 'Input is refused' } }),
    message: 'scripted failed while it answered: "Input is refused".',
  },
  'a response': {
    body: JSON.stringify({ Response: { Error: { Code: 'AuthFailure', Message: 'Secret wrong' }, RequestId: 'x' } }),
    message: 'scripted failed while it answered: "Secret wrong".',
  },
  'an errcode in the middle': {
    body: `${chunk({ content: 'Half' })}${event({ errCode: 5, errMsg: 'Worker lost' })}`,
    message: 'scripted failed while it answered: "Worker lost".',
    output: 'Half',
  },
  'errors of Cloudflare': {
    body: JSON.stringify({ success: false, errors: [{ code: 7003, message: 'Could not route' }] }),
    message: 'scripted failed while it answered: "Could not route".',
  },
  'a detail alone': {
    body: JSON.stringify({ detail: 'Not Found' }),
    message:
      'scripted answered with something that is not a chat completion: "Not Found"; check that $URL is an OpenAI-compatible API.',
  },
  'a text': {
    body: 'upstream connect error',
    message:
      'scripted answered with something that is not a chat completion: "upstream connect error"; check that $URL is an OpenAI-compatible API.',
  },
  'a page': {
    body: '<html><head><title>Sign in</title></head><body></body></html>',
    message: /^scripted answered with a web page "Sign in" instead of JSON/,
  },
  'a page without a title': {
    body: '<html><body><p>x</p></body></html>',
    message: /^scripted answered with a web page instead of JSON/,
  },
  'an error event': {
    body: `${chunk({ content: 'Half an ' })}event: error\ndata: {"type":"error","message":"Worker was pre-empted"}\n\n`,
    message: 'scripted failed while it answered: "Worker was pre-empted".',
    output: 'Half an ',
  },
  'an error event in text': {
    body: `${chunk({ content: 'Half' })}event: error\ndata: CUDA out of memory\n\n`,
    message: 'scripted failed while it answered: "CUDA out of memory".',
    output: 'Half',
  },
  'an error event of Anthropic': {
    body: `event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n`,
    message: 'scripted failed on its side (503): "Overloaded".',
  },
  'the error line of llama-server': {
    body: `${chunk({ content: 'Half' })}error: {"code":500,"message":"Slot lost","type":"server_error"}\n\n`,
    message: 'scripted failed while it answered: "Slot lost".',
    output: 'Half',
  },
  'object error in the middle': {
    body: `${chunk({ content: 'Half' })}${event({ object: 'error', message: 'No KV cache', type: 'InternalServerError', code: 500 })}${done}`,
    message: 'scripted failed while it answered: "No KV cache".',
    output: 'Half',
  },
  'a bare error line in a stream': {
    body: `${chunk({ content: 'Half' })}{"error":{"message":"Upstream closed"}}\n`,
    message: 'scripted failed while it answered: "Upstream closed".',
    output: 'Half',
  },
  'an error inside of a choice': {
    body: event({
      choices: [
        { delta: { content: 'Half' }, error: { code: 502, message: 'Provider disconnected' }, finish_reason: 'error' },
      ],
    }),
    message: 'scripted failed on its side (502): "Provider disconnected".',
    output: 'Half',
  },
  'an error beside the text': {
    body: event({
      error: { code: 'server_error', message: 'Provider disconnected' },
      choices: [{ delta: { content: 'Half' }, finish_reason: 'error' }],
    }),
    message: 'scripted failed while it answered: "Provider disconnected".',
    output: 'Half',
  },
  'a rate limit': {
    body: event({ error: { type: 'rate_limit_error', message: 'Slow down' } }),
    message: /limits the rate of requests \(429\): "Slow down"/,
  },
  'words where an answer should end': {
    body: `${event('Internal Server Error')}${done}`,
    message: 'scripted sent something that is not part of a chat completion: "Internal Server Error".',
  },
  'pings alone': {
    body: `: ping\n\ndata: ping\n\n${done}`,
    message: 'scripted sent an empty answer: no text, no finish reason.',
  },
};

let endpoint: AskedEndpoint;
beforeAll(async () => {
  const models: Record<string, Behaviour> = {};
  for (const [name, body] of bodies)
    models[name] = { kind: 'raw', body: asText(body), contentType: 'text/plain', status: 418 };
  for (const [name, { body }] of Object.entries(inAnswers))
    models[name] = { kind: 'raw', body, contentType: 'text/plain' };
  endpoint = await askedEndpoint(models);
});
afterAll(() => endpoint.close());

describe('the words of an error body reach the person:', () => {
  test.each(bodies)('%s', async (name, _body, words) => {
    const { error } = await endpoint.ask(name);
    expect(error?.message).toBe(`scripted did not accept the request (418): "${words}".`);
  });
});

describe('an error behind status 200 is one, and what came before it is kept:', () => {
  test.each(Object.entries(inAnswers))('%s', async (name, { message, output = '', code = 'unavailable' }) => {
    const result = await endpoint.ask(name);
    expect(result).toMatchObject({ status: 'failed', output, error: { code } });
    expect(result.finishReason).toBe(output === '' ? null : 'incomplete');
    const said = result.error!.message.replace(/http:\/\/127\.0\.0\.1:\d+\/v1/, '$URL');
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});

describe('what is decided is decided on the whole', () => {
  const place = { endpoint: 'scripted', baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'sk-secret', model: 'm' };
  const failure = (status: number, body: unknown) =>
    failureOfStatus(place, { status, headers: new Headers(), body, now: 0 });

  test('the words are kept whole beside the shortened sentence, and without the key', () => {
    const words = `${'gateway '.repeat(60)} sk-secret: 'max_tokens' is not supported`;
    const { said, message } = failure(400, { error: { message: words } });
    expect(said).toBe(words.replace('sk-secret', '[key]'));
    expect(message.length).toBeLessThan(300);
    expect(message).toMatch(/…"\.$/);
  });

  test('a missing model is recognised behind many words', () => {
    const { message } = failure(404, { error: { message: `${'routing '.repeat(60)} no such model` } });
    expect(message).toMatch(/^scripted has no model "m" \(404\): "routing/);
  });

  test('a sentence is not cut in the middle of a character', () => {
    const { message } = failure(400, { error: { message: '😀'.repeat(300) } });
    expect(message.isWellFormed()).toBe(true);
  });

  test.each([
    ['30', '30 s'],
    ['86400', '24 hours'],
    ['Wed, 21 Oct 2099 07:28:00 GMT', '47410 days'],
  ])('a wait of %s is said as %s', (header, words) => {
    const headers = new Headers({ 'retry-after': header });
    const { message } = failureOfStatus(place, { status: 429, headers, body: 'later', now: 0 });
    expect(message).toBe(`scripted limits the rate of requests (429): "later"; it asks to wait ${words}.`);
  });

  test('how long Google asks to wait stands in the body, and is no lack of credit', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '37s' }];
    const message = 'You exceeded your current quota, please check your plan and billing details.';
    expect(failure(429, [{ error: { code: 429, message, details } }])).toMatchObject({
      retryable: true,
      retryAfterMs: 37_000,
    });
    expect(failure(429, { error: { message } })).toMatchObject({ retryable: false });
  });
});

test('an answer that was complete stays complete when the connection breaks behind it', async () => {
  const { createServer } = await import('node:http');
  const { createRemoteEngine } = await import('./remote-engine.ts');
  const { drive, targetOf } = await import('./testing/drive.ts');
  const server = createServer((request, response) => {
    request.resume();
    response.write(said('Hello').replace(done, ''), () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  const engine = createRemoteEngine();
  const { events, text, error } = await drive(engine, targetOf(`http://127.0.0.1:${port}/v1`, 'm'));
  engine.dispose();
  server.close();
  expect({ text, error }).toEqual({ text: 'Hello', error: null });
  expect(events.at(-1)).toMatchObject({ kind: 'finish', reason: 'stop' });
});
