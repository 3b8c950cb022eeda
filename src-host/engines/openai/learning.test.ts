import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { GenerateRequest, RemoteTarget } from '../../../src-core/ports.ts';
import { createRemoteEngine } from './remote-engine.ts';
import { drive, hello, targetOf } from './testing/drive.ts';
import { type ScriptedEndpoint, startScriptedEndpoint } from './testing/scripted-endpoint.ts';

let endpoint: ScriptedEndpoint;
const engine = createRemoteEngine({ retry: { baseMs: 5, capMs: 10 } });
beforeAll(async () => {
  endpoint = await startScriptedEndpoint({
    models: {
      'takes-little': {
        kind: 'answer',
        rejectFields: ['stream_options', 'max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'stop', 'seed'],
      },
      'no-temperature': { kind: 'answer', rejectFields: ['temperature'] },
      'no-stream': { kind: 'answer', rejectFields: ['stream', 'stream_options'] },
      'no-system': {
        kind: 'answer',
        rejects: { part: '"role":"system"', message: 'System role not supported' },
      },
      'blames-temperature': {
        kind: 'status',
        status: 400,
        message: 'Unrecognized request argument supplied: temperature',
      },
      'fails-then-refuses': { kind: 'status', status: 500, times: 1 },
    },
  });
});
afterAll(async () => {
  engine.dispose();
  await endpoint.close();
});
afterEach(() => endpoint.reset());

const warm: GenerateRequest = { ...hello, sampling: { temperature: 0.2, maxTokens: 9 } };
const notesOf = (events: readonly { readonly kind: string; readonly text?: string }[]) =>
  events.flatMap((event) => (event.kind === 'note' ? [event.text] : []));

/** A target, and what the engine reported for it. */
function remembering(model: string, changes: Partial<RemoteTarget> = {}) {
  const reports: (readonly string[])[] = [];
  const target = targetOf(endpoint.baseUrl, model, { ...changes, onRefused: (refused) => reports.push(refused) });
  return { target, reports };
}

describe('a refused field', () => {
  test('is left out once, said in a note, and not sent again to that model', async () => {
    const { target, reports } = remembering('no-temperature');
    const first = await drive(engine, target, warm);
    expect(first.text).toBe('Hello dear world');
    expect(notesOf(first.events)).toEqual(['scripted/no-temperature does not take temperature, so it was not sent.']);
    expect(reports).toEqual([['temperature']]);
    const second = await drive(engine, target, warm);
    expect(notesOf(second.events)).toEqual(notesOf(first.events));
    expect(endpoint.requests.map(({ body }) => 'temperature' in body)).toEqual([true, false, false]);
    expect(endpoint.requests.every(({ body }) => body.max_tokens === 9)).toBe(true);
  });

  test('that came with the target is never sent, in a run of another process', async () => {
    const { target, reports } = remembering('no-temperature', { refused: ['temperature'] });
    expect((await drive(engine, target, warm)).error).toBeNull();
    expect(endpoint.requests).toHaveLength(1);
    expect(reports).toEqual([]);
  });

  test('of many is found one after the other, and the answer comes all the same', async () => {
    const { target, reports } = remembering('takes-little');
    const request: GenerateRequest = {
      ...hello,
      sampling: { temperature: 1, topP: 0.5, maxTokens: 5, stop: ['END'], seed: 7 },
    };
    const { text, events } = await drive(engine, target, request);
    expect(text).toBe('Hello dear world');
    expect(notesOf(events)).toHaveLength(6);
    expect(reports).toHaveLength(1);
    expect(Object.keys(endpoint.requests.at(-1)!.body)).toEqual(['model', 'messages', 'stream']);
    expect((await drive(engine, target, request)).error).toBeNull();
    expect(endpoint.requests.filter(({ body }) => !('seed' in body || 'stop' in body))).toHaveLength(2);
  });

  test('may be the stream itself', async () => {
    const { target } = remembering('no-stream');
    expect((await drive(engine, target)).text).toBe('Hello dear world');
    expect(endpoint.requests.at(-1)?.body).not.toHaveProperty('stream');
    expect(endpoint.requests.at(-1)?.body).not.toHaveProperty('stream_options');
  });

  test('may be a role, whose text then goes with the message of the person', async () => {
    const { target, reports } = remembering('no-system');
    const request: GenerateRequest = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      sampling: {},
    };
    const { text, events } = await drive(engine, target, request);
    expect(text).toBe('Be brief.\n\nHi');
    expect(notesOf(events)).toEqual(['scripted/no-system does not take the role system, so it was sent as user.']);
    expect(reports).toEqual([['system:user']]);
  });

  test('is not remembered when the request without it is refused as well', async () => {
    const { target, reports } = remembering('blames-temperature');
    const { error, events } = await drive(engine, target, warm);
    expect(error?.code).toBe('invalid');
    expect(error?.message).toContain('Unrecognized request argument supplied: temperature');
    expect(endpoint.requests).toHaveLength(2);
    expect(reports).toEqual([]);
    expect(notesOf(events)).toEqual([]);
  });

  test('stream_options are sent once per model and mentioned once', async () => {
    const { target } = remembering('no-stream-options');
    const first = await drive(engine, target);
    const second = await drive(engine, target);
    expect(endpoint.requests.map(({ body }) => 'stream_options' in body)).toEqual([true, false, false]);
    expect([notesOf(first.events).length, notesOf(second.events).length]).toEqual([1, 0]);
  });

  test('max_tokens becomes max_completion_tokens', async () => {
    const { target, reports } = remembering('no-max-tokens');
    expect((await drive(engine, target, warm)).error).toBeNull();
    expect(endpoint.requests.at(-1)?.body).toMatchObject({ max_completion_tokens: 9 });
    expect(reports).toEqual([['max_tokens:max_completion_tokens']]);
  });

  test('of one model does not change what another one gets', async () => {
    const one = remembering('no-temperature');
    const other = remembering('echo');
    await Promise.all([drive(engine, one.target, warm), drive(engine, other.target, warm)]);
    const toEcho = endpoint.requests.filter(({ body }) => body.model === 'echo');
    expect(toEcho).toHaveLength(1);
    expect(toEcho[0]?.body.temperature).toBe(0.2);
  });
});

test('what a person never wants sent is not sent, and the run says why', async () => {
  const { target, reports } = remembering('echo', { neverSend: ['temperature', 'stream_options', 'seed'] });
  const { events } = await drive(engine, target, warm);
  expect(Object.keys(endpoint.requests[0]!.body)).toEqual(['model', 'messages', 'stream', 'max_tokens']);
  expect(notesOf(events)).toEqual(['scripted/echo is set never to get temperature, so it was not sent.']);
  expect(reports).toEqual([]);
});

describe('a response schema', () => {
  const strict = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  const open = { type: 'object', properties: { a: { type: 'string' } } };
  const asked = (responseSchema: typeof strict | typeof open): GenerateRequest => ({ ...hello, responseSchema });
  const sent = () => endpoint.requests.map(({ body }) => Object(Object(body.response_format).json_schema).strict);

  test('is held to when it can be, and only asked for otherwise', async () => {
    const { target } = remembering('echo');
    await drive(engine, target, asked(strict));
    await drive(engine, target, asked(open));
    expect(sent()).toEqual([true, undefined]);
  });

  test('is sent again without "strict", and only once per model, to an endpoint that refuses that', async () => {
    const { target, reports } = remembering('no-strict');
    expect((await drive(engine, target, asked(strict))).text).toBe('Hello dear world');
    expect((await drive(engine, target, asked(strict))).error).toBeNull();
    expect(sent()).toEqual([true, undefined, undefined]);
    expect(reports).toEqual([['response_format:loose']]);
  });

  test('is left out, with a note, where no format is taken', async () => {
    const { target, reports } = remembering('no-schema');
    const { events, error } = await drive(engine, target, asked(strict));
    expect(error).toBeNull();
    expect(notesOf(events)).toEqual(['scripted/no-schema does not take response_format, so it was not sent.']);
    expect(reports).toEqual([['response_format']]);
  });
});

describe('a fault of ours', () => {
  test.each<[string, GenerateRequest]>([
    ['while the request is made', { ...hello, messages: null as never }],
    [
      'while it is written',
      { ...hello, tools: [{ name: 'x', description: '', parameters: { count: 1n as unknown as number } }] },
    ],
  ])('%s is thrown as what it is, never blamed on the endpoint and never retried', async (_when, request) => {
    const target = targetOf(endpoint.baseUrl, 'echo', { maxRetries: 3 });
    await expect(drive(engine, target, request)).rejects.toBeInstanceOf(TypeError);
    expect(endpoint.requests).toHaveLength(0);
    // Its slot is free again.
    const limited = { ...target, endpoint: 'one', maxConcurrency: 1 };
    await expect(drive(engine, limited, request)).rejects.toBeInstanceOf(TypeError);
    expect((await drive(engine, limited)).error).toBeNull();
  });

  test('between two attempts ends the run as well', async () => {
    const broken = createRemoteEngine({
      random: () => {
        throw new TypeError('random is not a function');
      },
    });
    const target = targetOf(endpoint.baseUrl, 'fail-500', { maxRetries: 3 });
    await expect(drive(broken, target)).rejects.toThrow('random is not a function');
    broken.dispose();
    expect(endpoint.requests).toHaveLength(1);
  });
});

describe('the clock', () => {
  test('starts when the request leaves, not while it waits for a slot', async () => {
    const limits = { endpoint: 'clocked', maxConcurrency: 1 };
    const finished: { readonly at: number; readonly ttftMs: number }[] = [];
    const before = performance.now();
    const runs = [1, 2, 3].map(() =>
      drive(engine, targetOf(endpoint.baseUrl, 'delay-150', limits), hello, undefined, (event) => {
        if (event.kind === 'finish')
          finished.push({ at: performance.now(), ttftMs: event.timing?.ttftMs ?? Number.NaN });
      }),
    );
    await Promise.all(runs);
    expect(finished).toHaveLength(3);
    for (const [index, { at, ttftMs }] of finished.entries()) {
      expect(ttftMs).toBeGreaterThan(140);
      // The request is sent only after the run before it, so its time cannot be longer than the time since then.
      expect(ttftMs).toBeLessThanOrEqual(at - (finished[index - 1]?.at ?? before));
    }
  });

  test('starts anew when a request is sent again', async () => {
    const { events } = await drive(engine, targetOf(endpoint.baseUrl, 'fail-500-once', { maxRetries: 1 }));
    expect(events.map(({ kind }) => kind).slice(0, 4)).toEqual(['started', 'retry', 'started', 'delta']);
  });

  test('says how long the tokens took, apart from the wait for the first', async () => {
    const { events } = await drive(engine, targetOf(endpoint.baseUrl, 'slow'));
    const finish = events.at(-1);
    const timing = finish?.kind === 'finish' ? finish.timing : undefined;
    expect(timing?.generationMs).toBeGreaterThan(150);
    expect(timing?.ttftMs).toBeGreaterThan(80);
  });
});

describe('two waits', () => {
  test('a slow first byte has the long one, silence in the answer the short one', async () => {
    const patient = { timeoutMs: 3_000, idleTimeoutMs: 150 };
    expect((await drive(engine, targetOf(endpoint.baseUrl, 'delay-400', patient))).error).toBeNull();
    const { error } = await drive(engine, targetOf(endpoint.baseUrl, 'hang-midstream', patient));
    expect(error?.message).toBe(
      'scripted stopped in the middle of its answer: nothing arrived for 150 ms; to wait longer, raise "Between bytes" of the endpoint in Models, or use "promptdev models set scripted --idle-timeout SECONDS".',
    );
  });

  test('a steady answer is never too long, and an impatient first wait ends only what has not begun', async () => {
    const impatient = { timeoutMs: 250, idleTimeoutMs: 2_000 };
    expect((await drive(engine, targetOf(endpoint.baseUrl, 'slow', impatient))).error).toBeNull();
    const { error } = await drive(engine, targetOf(endpoint.baseUrl, 'delay-900', impatient));
    expect(error?.message).toMatch(/^scripted did not answer within 250 ms; to wait longer, raise "First byte"/);
  });
});
