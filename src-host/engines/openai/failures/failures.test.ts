import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RemoteTarget } from '../../../../src-core/ports.ts';
import { createRemoteEngine } from '../remote-engine.ts';
import { drive, targetOf } from '../testing/drive.ts';
import { type ScriptedEndpoint, startScriptedEndpoint } from '../testing/scripted-endpoint.ts';
import { selfSigned } from '../testing/self-signed.ts';
import { redact } from './failures.ts';
import { type RetryPolicy, retryAfter, retryDelay } from './retry.ts';

const apiKey = 'sk-canary-9876543210';
const chatty = { kind: 'status', status: 400, message: `${'x'.repeat(185)} ${apiKey} ${'y'.repeat(500)}` } as const;

let endpoint: ScriptedEndpoint;
const engine = createRemoteEngine({ retry: { baseMs: 10, capMs: 40, maxRetryAfterMs: 2_000 } });
beforeAll(async () => {
  endpoint = await startScriptedEndpoint({
    models: { 'echoes-key': chatty, quota: { kind: 'status', status: 429, message: 'insufficient_quota' } },
  });
});
afterAll(async () => {
  engine.dispose();
  await endpoint.close();
});
afterEach(() => endpoint.reset());

const ask = (model: string, changes: Partial<RemoteTarget> = {}) =>
  drive(engine, targetOf(endpoint.baseUrl, model, { apiKey, ...changes }));

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a failure before the answer ends in one clear sentence:', () => {
  test.each([
    ['fail-400', 'invalid', 'scripted did not accept the request (400): "Scripted failure 400".'],
    ['fail-401', 'denied', 'scripted refused the API key (401): "Scripted failure 401"; enter a valid key in Models.'],
    ['fail-402', 'denied', 'scripted wants to be paid first (402): "Scripted failure 402".'],
    ['fail-403', 'denied', 'scripted does not allow this with the API key in use (403): "Scripted failure 403".'],
    ['nope', 'not_found', 'scripted has no model "nope" (404): "The model \'nope\' does not exist".'],
    ['fail-500', 'unavailable', 'scripted failed on its side (500): "Scripted failure 500".'],
    ['fail-503', 'unavailable', 'scripted failed on its side (503): "Scripted failure 503".'],
    [
      'rate-limited',
      'unavailable',
      'scripted limits the rate of requests (429): "Rate limit reached"; try again later or lower the concurrency.',
    ],
    [
      'retry-after',
      'unavailable',
      'scripted limits the rate of requests (429): "Rate limit reached"; it asks to wait 30 s.',
    ],
    ['quota', 'unavailable', 'scripted says that the account has no credit left (429): "insufficient_quota".'],
    ['empty', 'unavailable', 'scripted sent an empty answer: no text, no finish reason.'],
    [
      'malformed-json',
      'unavailable',
      'scripted sent something that is not part of a chat completion: "{"choices":[{"mess".',
    ],
  ])('%s', async (model, code, message) => {
    const { error, text } = await ask(model);
    expect(error?.toData()).toMatchObject({ code, message, details: { endpoint: 'scripted' } });
    expect(text).toBe('');
  });

  test('a web page', async () => {
    const { error } = await ask('html');
    expect(error?.code).toBe('unavailable');
    expect(error?.message).toMatch(
      /^scripted answered with a web page "Sign in to the Wi-Fi" instead of JSON; check that http.*\/v1 is the API address/,
    );
  });

  test('a missing key', async () => {
    const { error } = await ask('fail-401', { apiKey: null });
    expect(error?.message).toBe('scripted asks for an API key (401): "Scripted failure 401"; enter one in Models.');
  });

  test('a hang', async () => {
    const { error } = await ask('hang', { timeoutMs: 200 });
    expect(error?.toData()).toMatchObject({
      code: 'unavailable',
      message:
        'scripted did not answer within 200 ms; to wait longer, raise "First byte" of the endpoint in Models, or use "promptdev models set scripted --timeout SECONDS".',
    });
  });

  test('a refused connection', async () => {
    const { error } = await ask('echo', { baseUrl: 'http://127.0.0.1:9/v1' });
    expect(error?.toData()).toMatchObject({
      code: 'unavailable',
      message:
        'scripted cannot be reached: nothing listens at http://127.0.0.1:9; start the server or correct the address.',
    });
  });

  test('a connection that is reset', async () => {
    const { error } = await ask('refuse');
    expect(error?.toData()).toMatchObject({
      code: 'unavailable',
      message: `scripted closed the connection before it answered; check that ${endpoint.origin} is the right address.`,
    });
  });

  test('a host name that does not exist', async () => {
    const { error } = await ask('echo', { baseUrl: 'https://no-such-host.invalid/v1' });
    expect(error?.message).toBe(
      'scripted cannot be reached: the host name "no-such-host.invalid" was not found; check the address and the network.',
    );
  });

  test('a certificate that nobody trusts', async () => {
    const server = createTlsServer(selfSigned, (_request, response) => response.end());
    const port = await listening(server);
    const { error } = await ask('echo', { baseUrl: `https://127.0.0.1:${port}/v1` });
    server.close();
    expect(error?.message).toBe(
      `scripted cannot be reached safely: the TLS connection to https://127.0.0.1:${port} failed (the certificate is self-signed); check the address and the certificate.`,
    );
  });

  test('https where only http is spoken', async () => {
    const { error } = await ask('echo', { baseUrl: endpoint.baseUrl.replace('http:', 'https:') });
    expect(error?.message).toMatch(/the server does not speak TLS there; does the address start with "http:\/\/"\?/);
  });

  test('a server that does not speak HTTP', async () => {
    const server = createTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    const port = await listening(server);
    const { error } = await ask('echo', { baseUrl: `http://127.0.0.1:${port}/v1` });
    server.close();
    expect(error?.message).toMatch(/^scripted does not speak HTTP at/);
  });

  test.each(['ftp://example.com', 'nonsense', 'https://user:secret@example.com/v1'])(
    'the address %s',
    async (baseUrl) => {
      const { error } = await ask('echo', { baseUrl });
      expect(error?.code).toBe('invalid');
      expect(error?.message).toMatch(/^The address of scripted must/);
      expect(error?.message).not.toContain('secret');
    },
  );
});

describe('a failure in the middle of the answer keeps what came before it:', () => {
  test.each([
    ['die-midstream', 'part1 part2 ', 'scripted ended the connection before its answer was complete.'],
    [
      'hang-midstream',
      'part1 part2 ',
      'scripted stopped in the middle of its answer: nothing arrived for 300 ms; to wait longer, raise "Between bytes" of the endpoint in Models, or use "promptdev models set scripted --idle-timeout SECONDS".',
    ],
    ['error-midstream', 'Hello', 'scripted failed while it answered: "The model ran out of memory".'],
  ])('%s, and is never retried', async (model, text, message) => {
    const outcome = await ask(model, { idleTimeoutMs: 300, maxRetries: 3 });
    expect(outcome.text).toBe(text);
    expect(outcome.error?.toData()).toMatchObject({ code: 'unavailable', message });
    expect(outcome.events.some((event) => event.kind === 'retry')).toBe(false);
    expect(endpoint.requests).toHaveLength(1);
  });

  test('an answer without end is cut at the size limit', async () => {
    const small = createRemoteEngine({ maxResponseBytes: 2 * 1024 * 1024 });
    const flood = await startScriptedEndpoint({ models: { flood: { kind: 'answer', text: 'word '.repeat(100_000) } } });
    const { error, text } = await drive(small, targetOf(flood.baseUrl, 'flood'));
    small.dispose();
    await flood.close();
    expect(error?.message).toBe('scripted sent more than 2 MB for one answer, so PromptDev stopped reading.');
    expect(text).not.toBe('');
  });
});

describe('retries', () => {
  test.each(['rate-limited-once', 'fail-500-once', 'retry-after-ms-once'])(
    '%s is tried again, visibly',
    async (model) => {
      const { events, text, error } = await ask(model, { maxRetries: 2 });
      expect(error).toBeNull();
      expect(text).toBe('Hello dear world');
      expect(events[1]).toMatchObject({
        kind: 'retry',
        attempt: 1,
        delayMs: expect.any(Number),
        reason: expect.stringMatching(/^scripted /),
      });
      expect(endpoint.requests).toHaveLength(2);
    },
  );

  test('follow a connection that was reset', async () => {
    const fresh = createRemoteEngine({ retry: { baseMs: 10 } });
    const { events, text } = await drive(fresh, targetOf(endpoint.baseUrl, 'refuse-once', { maxRetries: 1 }));
    fresh.dispose();
    expect(events.map((event) => event.kind).slice(0, 2)).toEqual(['started', 'retry']);
    expect(text).toBe('Hello dear world');
  });

  test('follow an answer without any text that ended with a fault', async () => {
    const body = 'data: {"choices":[{"delta":{},"finish_reason":"network_error"}],"usage":{"prompt_tokens":3}}\n\n';
    const faulty = await startScriptedEndpoint({
      models: { faulty: { kind: 'raw', contentType: 'text/event-stream', body } },
    });
    const { events, error } = await drive(engine, targetOf(faulty.baseUrl, 'faulty', { maxRetries: 1 }));
    await faulty.close();
    expect(events.map((event) => event.kind)).toEqual(['started', 'retry', 'started']);
    expect(error?.message).toBe('scripted ended its answer with "network_error" and no text (tried 2 times).');
  });

  test('wait as long as Retry-After asks', async () => {
    const { events, error } = await ask('retry-after-once', { maxRetries: 1 });
    expect(error).toBeNull();
    expect(events[1]).toMatchObject({ kind: 'retry', delayMs: 1_000 });
    expect(endpoint.requests[1]!.at - endpoint.requests[0]!.at).toBeGreaterThan(950);
  });

  test('give up at once when Retry-After asks for longer than a person would wait', async () => {
    const { events, error } = await ask('retry-after', { maxRetries: 3 });
    expect(events).toEqual([{ kind: 'started' }]);
    expect(error?.details).toMatchObject({ status: 429, retryAfterMs: 30_000 });
  });

  test('end with the number of attempts', async () => {
    const { events, error } = await ask('rate-limited', { maxRetries: 3 });
    expect(events.map((event) => event.kind)).toEqual(['started', ...Array(3).fill(['retry', 'started']).flat()]);
    expect(error?.message).toMatch(/lower the concurrency \(tried 4 times\)\.$/);
    expect(error?.details).toMatchObject({ attempts: 4 });
  });

  test.each(['fail-400', 'fail-401', 'nope', 'html', 'redirect', 'quota'])('are not wasted on %s', async (model) => {
    await ask(model, { maxRetries: 3 });
    expect(endpoint.requests).toHaveLength(1);
  });

  test('wait longer each time, with jitter, up to the cap', () => {
    const policy: RetryPolicy = { baseMs: 500, capMs: 3_000, maxRetryAfterMs: 60_000 };
    const failure = { code: 'unavailable', problem: 'server_error', message: 'x', retryable: true } as const;
    const delays = (random: number) =>
      [1, 2, 3, 4, 5].map((attempt) => retryDelay(failure, attempt, policy, () => random));
    expect(delays(1)).toEqual([500, 1_000, 2_000, 3_000, 3_000]);
    expect(delays(0)).toEqual([250, 500, 1_000, 1_500, 1_500]);
    expect(retryDelay({ ...failure, retryAfterMs: 60_001 }, 1, policy, Math.random)).toBeNull();
  });

  test('read Retry-After as seconds, as a date, and in milliseconds', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    const read = (headers: Record<string, string>) => retryAfter(new Headers(headers), now);
    expect(read({ 'retry-after': '2' })).toBe(2_000);
    expect(read({ 'retry-after': '0.5' })).toBe(500);
    expect(read({ 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' })).toBe(5_000);
    expect(read({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' })).toBe(0);
    expect(read({ 'retry-after': '9', 'retry-after-ms': '40' })).toBe(40);
    expect(read({ 'retry-after': 'soon' })).toBeUndefined();
    expect(read({})).toBeUndefined();
  });
});

describe('the key', () => {
  test('is never sent on by a redirect', async () => {
    const thief = createPlainServer((_request, response) => response.end());
    const asked: string[] = [];
    thief.on('request', (request) => asked.push(request.url ?? ''));
    const port = await listening(thief);
    const redirecting = await startScriptedEndpoint({
      models: { redirect: { kind: 'redirect', location: `http://127.0.0.1:${port}/v1/chat/completions` } },
    });
    const { error } = await drive(engine, targetOf(redirecting.baseUrl, 'redirect', { apiKey, maxRetries: 2 }));
    await redirecting.close();
    thief.close();
    expect(error?.code).toBe('invalid');
    expect(error?.message).toMatch(/^scripted redirects to http.*, which PromptDev does not follow/);
    expect(asked).toEqual([]);
  });

  test('is not in an error, whole or in part, when the endpoint repeats it', async () => {
    const { error } = await ask('echoes-key');
    expect(error?.message).toContain('[key]');
    const everything = JSON.stringify([error?.toData(), error?.stack, String(error?.cause)]);
    expect(everything).not.toContain('sk-canary');
    expect(error!.message.length).toBeLessThan(300);
  });

  test('with a line break is refused before anything is sent, without showing it', async () => {
    const { error } = await ask('echo', { apiKey: 'sk-canary\nx: y' });
    expect(error?.code).toBe('invalid');
    expect(error?.message).not.toContain('canary');
    expect(endpoint.requests).toHaveLength(0);
  });

  test('redaction leaves other text alone', () => {
    expect(redact('a sk-1 b sk-1', 'sk-1')).toBe('a [key] b [key]');
    expect(redact('text', null)).toBe('text');
    expect(redact('text', '')).toBe('text');
  });
});
