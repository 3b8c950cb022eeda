import { afterAll, describe, expect, test } from 'vitest';
import type { EndpointCheck, RemoteTarget } from '../../../../src-core/ports.ts';
import { createRemoteEngine } from '../remote-engine.ts';
import type { Behaviour } from '../testing/behaviours.ts';
import { targetOf } from '../testing/drive.ts';
import { type ScriptedEndpointOptions, startScriptedEndpoint } from '../testing/scripted-endpoint.ts';

const engine = createRemoteEngine();
afterAll(() => engine.dispose());

async function check(options: ScriptedEndpointOptions, changes: Partial<RemoteTarget> = {}): Promise<EndpointCheck> {
  const endpoint = await startScriptedEndpoint(options);
  try {
    return await engine.check(targetOf(endpoint.baseUrl, '', changes));
  } finally {
    await endpoint.close();
  }
}

const unpriced = (model: string) => ({ model, price: null, contextLength: null });

describe('a connection test', () => {
  test('reads prices and context lengths where an endpoint states them, and believes no nonsense', async () => {
    const entries = [
      { id: 'openrouter', pricing: { prompt: '0.0000025', completion: '0.00001' }, context_length: 128_000 },
      { id: 'openrouter/auto', pricing: { prompt: '-1', completion: '-1' } },
      { id: 'together', pricing: { input: 0.88, output: 0.9, hourly: 0 }, context_length: 131_072 },
      {
        id: 'venice',
        model_spec: { pricing: { input: { usd: 0.7 }, output: { usd: 2.8 } }, availableContextTokens: 65_536 },
      },
      { id: 'vllm', max_model_len: 8_192 },
      { id: 'llama-server', meta: { n_ctx_train: 4_096 } },
      { id: 'nonsense', pricing: { prompt: 'free', completion: [] }, context_length: 'long', meta: null },
    ];
    const body = JSON.stringify({ data: entries });
    const result = await check({ list: { kind: 'raw', contentType: 'application/json', body } });
    const priced = (inputPerMillion: number, outputPerMillion: number) => ({ inputPerMillion, outputPerMillion });
    expect(result.kind === 'ok' && result.models).toEqual([
      { ...unpriced('llama-server'), contextLength: 4_096 },
      unpriced('nonsense'),
      { model: 'openrouter', price: priced(2.5, 10), contextLength: 128_000 },
      unpriced('openrouter/auto'),
      { model: 'together', price: priced(0.88, 0.9), contextLength: 131_072 },
      { model: 'venice', price: priced(0.7, 2.8), contextLength: 65_536 },
      { ...unpriced('vllm'), contextLength: 8_192 },
    ]);
  });

  test('lists the models of a good endpoint, sorted and once each', async () => {
    const result = await check(
      { apiKey: 'sk-right', list: { kind: 'models', ids: ['b', 'a', 'b'] } },
      { apiKey: 'sk-right' },
    );
    expect(result).toEqual({ kind: 'ok', models: [unpriced('a'), unpriced('b')], latencyMs: expect.any(Number) });
  });

  test('accepts a bare list and a slash at the end of the address', async () => {
    const endpoint = await startScriptedEndpoint({
      list: { kind: 'raw', contentType: 'application/json', body: '[{"id":"m"}]' },
    });
    const result = await engine.check(targetOf(`${endpoint.baseUrl}/`, ''));
    await endpoint.close();
    expect(result).toMatchObject({ kind: 'ok', models: [unpriced('m')] });
  });

  test.each<[string, ScriptedEndpointOptions, string, RegExp]>([
    ['a wrong key', { apiKey: 'sk-right' }, 'unauthorized', /refused the API key \(401\).*enter a valid key/],
    ['no API there', { list: status(404) }, 'not_found', /has no list of models at .* \(404\)/],
    ['a server error', { list: status(500) }, 'server_error', /failed on its side \(500\)/],
    ['a rate limit', { list: status(429) }, 'server_error', /limits the rate/],
    ['no models', { list: { kind: 'models', ids: [] } }, 'no_models', /offers no models; load one there/],
    ['Ollama without models', { list: raw('{"object":"list","data":null}') }, 'no_models', /offers no models/],
    [
      'an error behind status 200',
      { list: raw('{"success":false,"errors":[{"code":1,"message":"Out of order"}]}') },
      'server_error',
      /failed while it answered: "Out of order"/,
    ],
    [
      'a refusal behind status 200',
      { list: raw('{"error":{"code":401,"message":"No key"}}') },
      'unauthorized',
      /\(401\): "No key"/,
    ],
    ['a sentence', { list: raw('{"message":"Go away"}') }, 'not_openai', /not a list of models: "Go away"/],
    ['a titled page', { list: raw('<html><title>Hello</title></html>') }, 'not_openai', /a web page "Hello" instead/],
    ['a web page', { list: raw('<html></html>') }, 'not_openai', /a web page instead of JSON/],
    ['text', { list: raw('Ollama is running') }, 'not_openai', /not a list of models/],
    ['other JSON', { list: raw('{"hello":1}') }, 'not_openai', /not a list of models/],
    ['null', { list: raw('null') }, 'not_openai', /not a list of models/],
    [
      'a redirect',
      { list: { kind: 'redirect', location: 'https://example.com' } },
      'not_openai',
      /redirects to https:\/\/example\.com/,
    ],
    ['a hang', { list: { kind: 'hang' } }, 'timeout', /did not answer within 300 ms/],
    ['a reset', { list: { kind: 'reset' } }, 'refused', /closed the connection/],
  ])('says what is wrong with %s', async (_what, options, problem, message) => {
    const result = await check(options, { apiKey: 'sk-wrong-key', timeoutMs: 300 });
    expect(result).toEqual({ kind: 'failed', problem, message: expect.stringMatching(message) });
    expect(JSON.stringify(result)).not.toContain('sk-wrong-key');
  });

  test.each([
    ['http://127.0.0.1:9/v1', 'refused'],
    ['https://no-such-host.invalid/v1', 'dns'],
    ['nonsense', 'not_openai'],
  ])('says that %s is %s', async (baseUrl, problem) => {
    expect(await engine.check(targetOf(baseUrl, ''))).toMatchObject({ kind: 'failed', problem });
  });

  test('says that https on a plain server is a TLS problem', async () => {
    const endpoint = await startScriptedEndpoint();
    const result = await engine.check(targetOf(endpoint.baseUrl.replace('http:', 'https:'), ''));
    await endpoint.close();
    expect(result).toMatchObject({ kind: 'failed', problem: 'tls' });
  });
});

function status(code: number): Behaviour {
  return { kind: 'status', status: code };
}

function raw(body: string): Behaviour {
  return { kind: 'raw', contentType: 'text/plain', body };
}
