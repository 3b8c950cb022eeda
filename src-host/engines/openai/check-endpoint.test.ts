import { afterAll, describe, expect, test } from 'vitest';
import type { EndpointCheck, RemoteTarget } from '../../../src-core/ports.ts';
import { createRemoteEngine } from './remote-engine.ts';
import type { Behaviour } from './testing/behaviours.ts';
import { targetOf } from './testing/drive.ts';
import { type ScriptedEndpointOptions, startScriptedEndpoint } from './testing/scripted-endpoint.ts';

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

describe('a connection test', () => {
  test('lists the models of a good endpoint, sorted and once each', async () => {
    const result = await check(
      { apiKey: 'sk-right', list: { kind: 'models', ids: ['b', 'a', 'b'] } },
      { apiKey: 'sk-right' },
    );
    expect(result).toEqual({ kind: 'ok', models: ['a', 'b'], latencyMs: expect.any(Number) });
  });

  test('accepts a bare list and a slash at the end of the address', async () => {
    const endpoint = await startScriptedEndpoint({
      list: { kind: 'raw', contentType: 'application/json', body: '[{"id":"m"}]' },
    });
    const result = await engine.check(targetOf(`${endpoint.baseUrl}/`, ''));
    await endpoint.close();
    expect(result).toMatchObject({ kind: 'ok', models: ['m'] });
  });

  test.each<[string, ScriptedEndpointOptions, string, RegExp]>([
    ['a wrong key', { apiKey: 'sk-right' }, 'unauthorized', /refused the API key \(401\).*enter a valid key/],
    ['no API there', { list: status(404) }, 'not_found', /has no list of models at .* \(404\)/],
    ['a server error', { list: status(500) }, 'server_error', /failed on its side \(500\)/],
    ['a rate limit', { list: status(429) }, 'server_error', /limits the rate/],
    ['no models', { list: { kind: 'models', ids: [] } }, 'no_models', /offers no models; load one there/],
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
