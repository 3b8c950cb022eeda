import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../../src-core/contract/shared.ts';
import type { GenerateRequest } from '../../../src-core/ports.ts';
import { createRemoteEngine } from './remote-engine.ts';
import { drive, hello, targetOf } from './testing/drive.ts';
import { type ScriptedEndpoint, startScriptedEndpoint } from './testing/scripted-endpoint.ts';

let endpoint: ScriptedEndpoint;
const engine = createRemoteEngine();
beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
});
afterAll(async () => {
  engine.dispose();
  await endpoint.close();
});
afterEach(() => endpoint.reset());

const ask = (model: string, request: GenerateRequest = hello) =>
  drive(engine, targetOf(endpoint.baseUrl, model), request);

describe('an answer', () => {
  test('streams as deltas, then usage, then exactly one finish', async () => {
    const { events, text, error } = await ask('echo');
    expect(error).toBeNull();
    expect(text).toBe('Hello dear world');
    expect(events.slice(-2)).toMatchObject([
      { kind: 'usage', inputTokens: 3, outputTokens: 3 },
      { kind: 'finish', reason: 'stop' },
    ]);
    expect(events.filter((event) => event.kind === 'delta').length).toBeGreaterThan(1);
  });

  test('arrives piece by piece, not at the end', async () => {
    const times: number[] = [];
    await drive(engine, targetOf(endpoint.baseUrl, 'slow'), hello, undefined, () => times.push(performance.now()));
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(150);
  });

  test('without usage still finishes', async () => {
    const { events, error } = await ask('no-usage');
    expect(error).toBeNull();
    expect(events.some((event) => event.kind === 'usage')).toBe(false);
    expect(events.at(-1)).toMatchObject({ kind: 'finish', reason: 'stop' });
  });

  test('in plain JSON is accepted although a stream was asked for', async () => {
    const { events, text } = await ask('non-stream');
    expect(text).toBe('Hello dear world');
    expect(events.slice(-2).map((event) => event.kind)).toEqual(['usage', 'finish']);
  });

  test('cut at the token limit says so', async () => {
    expect((await ask('cut-by-length')).events.at(-1)).toMatchObject({ kind: 'finish', reason: 'length' });
  });

  test('with a tool call yields its id and name once and its arguments in pieces', async () => {
    const { events } = await ask('tools', {
      ...hello,
      tools: [{ name: 'get_weather', description: 'Weather of a city', parameters: { type: 'object' } }],
    });
    const calls = events.filter((event) => event.kind === 'tool_call');
    expect(calls[0]).toMatchObject({ index: 0, id: 'call_1', name: 'get_weather' });
    expect(calls.map((call) => call.argumentsDelta).join('')).toBe('{"city":"Bergen"}');
    expect(events.at(-1)).toMatchObject({ kind: 'finish', reason: 'tool_calls' });
    expect(endpoint.requests[0]?.body.tools).toEqual([
      {
        type: 'function',
        function: { name: 'get_weather', description: 'Weather of a city', parameters: { type: 'object' } },
      },
    ]);
  });

  test('keeps characters whole that two network packets share', async () => {
    const server = createServer(async (request, response) => {
      request.resume();
      const bytes = Buffer.from(
        `data: ${JSON.stringify({ choices: [{ delta: { content: 'naïve 🦊' }, finish_reason: 'stop' }] })}\r\n\r\ndata: [DONE]\r\n\r\n`,
      );
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const byte of bytes) {
        response.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { text } = await drive(
      engine,
      targetOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, 'x'),
    );
    server.close();
    expect(text).toBe('naïve 🦊');
  });
});

describe('the request', () => {
  test('carries messages, sampling and a response schema under the names of the API', async () => {
    await ask('echo', {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      sampling: { temperature: 0.2, topP: 0.9, maxTokens: 5, stop: ['END'], seed: 7 },
      responseSchema: { type: 'object' },
    });
    expect(endpoint.requests[0]?.body).toEqual({
      model: 'echo',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.2,
      top_p: 0.9,
      max_tokens: 5,
      stop: ['END'],
      seed: 7,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
    });
  });

  test('leaves out what the person did not set', async () => {
    await ask('echo');
    expect(Object.keys(endpoint.requests[0]!.body)).toEqual(['model', 'messages', 'stream', 'stream_options']);
  });

  describe('with a response schema', () => {
    const strict = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const open = { type: 'object', properties: { a: { type: 'string' } } };
    const asked = (responseSchema: JsonObject) => ({ ...hello, responseSchema });
    const sent = () => endpoint.requests.map(({ body }) => Object(Object(body.response_format).json_schema).strict);

    test('is held to it when the schema can be, and only asked otherwise', async () => {
      await ask('echo', asked(strict));
      await ask('echo', asked(open));
      expect(sent()).toEqual([true, undefined]);
    });
  });

  test('has the key as a bearer token, no header at all without one, and nothing about this computer', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-from-the-environment');
    vi.stubEnv('OPENAI_ORG_ID', 'org-from-the-environment');
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-secret: from-the-environment');
    const fresh = createRemoteEngine();
    await drive(fresh, targetOf(endpoint.baseUrl, 'echo'));
    await drive(fresh, targetOf(endpoint.baseUrl, 'echo', { apiKey: 'sk-mine-1234' }));
    await drive(fresh, targetOf(endpoint.baseUrl, 'echo', { apiKey: '' }));
    fresh.dispose();
    vi.unstubAllEnvs();
    const [without, withKey, withEmpty] = endpoint.requests;
    expect(without?.headers).not.toHaveProperty('authorization');
    expect(withEmpty?.headers).not.toHaveProperty('authorization');
    expect(withKey?.headers.authorization).toBe('Bearer sk-mine-1234');
    expect(JSON.stringify(endpoint.requests.map(({ headers }) => headers))).not.toMatch(
      /environment|stainless|linux|darwin/i,
    );
  });

  test('reuses connections', async () => {
    const ports = new Set<number | undefined>();
    const server = createServer((request, response) => {
      ports.add(request.socket.remotePort);
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = targetOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, 'x');
    for (let index = 0; index < 10; index += 1) await drive(engine, target);
    server.closeAllConnections();
    // A call that starts in the tick in which the one before ends finds its connection still in use.
    expect(ports.size).toBeLessThanOrEqual(2);
    const { error } = await drive(engine, target);
    expect(error, 'a kept connection that the server closed is replaced silently').toBeNull();
    server.close();
  });
});

describe('cancel', () => {
  test.each([
    ['before the first byte', 'hang', 'started'],
    ['in the middle of the answer', 'endless', 'delta'],
    ['in the middle of a silence', 'hang-midstream', 'delta'],
  ])('%s stops at once, and the endpoint sees it', async (_when, model, afterKind) => {
    const controller = new AbortController();
    let abortedAt = 0;
    const abort = () => {
      abortedAt = performance.now();
      controller.abort();
    };
    const patient = targetOf(endpoint.baseUrl, model, { timeoutMs: 60_000, idleTimeoutMs: 60_000 });
    const { error, text } = await drive(engine, patient, hello, controller.signal, ({ kind }) => {
      if (kind === afterKind) setTimeout(abort, 50);
    });
    // Whoever is not stopped waits for a minute.
    expect(performance.now() - abortedAt).toBeLessThan(10_000);
    expect(error?.code).toBe('cancelled');
    if (model !== 'hang') expect(text).not.toBe('');
    await vi.waitFor(() => expect(endpoint.requests[0]?.aborted).toBe(true));
  });

  test('while waiting to retry stops at once', async () => {
    const controller = new AbortController();
    const target = targetOf(endpoint.baseUrl, 'retry-after', { maxRetries: 3 });
    const started = performance.now();
    const { error, events } = await drive(engine, target, hello, controller.signal, ({ kind }) => {
      if (kind === 'retry') controller.abort();
    });
    expect(events.map((event) => event.kind)).toEqual(['started', 'retry']);
    expect(error?.code).toBe('cancelled');
    // The endpoint asks to wait for half a minute.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('before the start sends nothing', async () => {
    const controller = new AbortController();
    controller.abort();
    const { error } = await drive(engine, targetOf(endpoint.baseUrl, 'echo'), hello, controller.signal);
    expect(error?.code).toBe('cancelled');
    expect(endpoint.requests).toHaveLength(0);
  });

  test('a reader that walks away closes the connection', async () => {
    for await (const event of engine.generate(
      targetOf(endpoint.baseUrl, 'endless'),
      hello,
      new AbortController().signal,
    )) {
      if (event.kind === 'delta') break;
    }
    await vi.waitFor(() => expect(endpoint.requests[0]?.aborted).toBe(true));
  });
});

describe('the concurrency limit', () => {
  test('is kept per endpoint, first come first served', async () => {
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 9 }, async (_, index) => {
        await drive(engine, targetOf(endpoint.baseUrl, 'delay-20', { endpoint: 'limited', maxConcurrency: 3 }));
        order.push(index);
      }),
    );
    expect(endpoint.peakConcurrency).toBe(3);
    expect(order.slice(0, 3).every((index) => index < 3)).toBe(true);
    expect(order.slice(6).every((index) => index >= 6)).toBe(true);
  });

  test('a waiting call that is cancelled leaves the queue, and the slot goes to the next', async () => {
    const limit = { endpoint: 'one-at-a-time', maxConcurrency: 1 };
    const first = drive(engine, targetOf(endpoint.baseUrl, 'delay-100', limit));
    const controller = new AbortController();
    const second = drive(engine, targetOf(endpoint.baseUrl, 'echo', limit), hello, controller.signal);
    const third = drive(engine, targetOf(endpoint.baseUrl, 'echo', limit));
    controller.abort();
    expect((await second).error?.code).toBe('cancelled');
    expect((await first).error).toBeNull();
    expect((await third).text).toBe('Hello dear world');
    expect(endpoint.requests).toHaveLength(2);
  });
});
