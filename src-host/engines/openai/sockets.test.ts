import type { Socket } from 'node:net';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createRemoteEngine } from './remote-engine.ts';
import { drive, hello, targetOf } from './testing/drive.ts';
import { headOf, helloEvents, startRawEndpoint } from './testing/raw-endpoint.ts';

const engine = createRemoteEngine();
afterAll(() => engine.dispose());

async function rawTarget(answer: (socket: Socket) => void) {
  const endpoint = await startRawEndpoint(answer);
  onTestFinished(() => endpoint.close());
  // One slot: a request that does not release it blocks the next one.
  const limits = { maxConcurrency: 1, timeoutMs: 700, idleTimeoutMs: 700, endpoint: `raw-${crypto.randomUUID()}` };
  return { endpoint, target: targetOf(endpoint.baseUrl, 'm', limits) };
}

const length = Buffer.byteLength(helloEvents);
const whole = `${headOf({ 'content-length': length })}${helloEvents}`;

/** What a server may do instead of answering, and the sentence that a person gets. */
const ends: readonly (readonly [string, (socket: Socket) => void, RegExp])[] = [
  [
    '101 Switching Protocols',
    (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    /does not speak HTTP/,
  ],
  [
    '101 without a protocol',
    (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    /does not speak HTTP/,
  ],
  ['100 and no more', (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), /did not answer within 700 ms/],
  [
    'an end in the head of 100',
    (socket) => socket.end('HTTP/1.1 100 Cont'),
    /closed the connection before it answered/,
  ],
  [
    'an end behind 100',
    (socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\n'),
    /closed the connection before it answered/,
  ],
  [
    '101 behind 100',
    (socket) =>
      socket.write(
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      ),
    /does not speak HTTP/,
  ],
  [
    '100 without end',
    (socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 20);
      socket.once('close', () => clearInterval(timer));
    },
    /did not answer within 700 ms/,
  ],
  [
    'a head of 100 without end',
    (socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n');
      const timer = setInterval(() => socket.write(`X-${'a'.repeat(2_000)}: 1\r\n`), 5);
      socket.once('close', () => clearInterval(timer));
    },
    /sent more headers with its answer than PromptDev reads/,
  ],
  ['102 and no more', (socket) => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), /did not answer within 700 ms/],
  [
    '103 without end',
    (socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'), 20);
      socket.once('close', () => clearInterval(timer));
    },
    /did not answer within 700 ms/,
  ],
  ['204', (socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'), /sent an empty answer/],
  ['205', (socket) => socket.write('HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n'), /sent an empty answer/],
  ['304', (socket) => socket.write('HTTP/1.1 304 Not Modified\r\n\r\n'), /redirects to another address/],
  [
    'status 600',
    (socket) => socket.write('HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n'),
    /failed on its side \(600\)/,
  ],
  [
    'status 999',
    (socket) => socket.write('HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n'),
    /failed on its side \(999\)/,
  ],
  ['an empty 200', (socket) => socket.write(headOf({ 'content-length': 0 })), /sent an empty answer/],
  [
    'an empty 200 that ends with the connection',
    (socket) => socket.end(headOf({ connection: 'close' })),
    /sent an empty answer/,
  ],
  ['nothing', () => {}, /did not answer within 700 ms/],
  ['an end before a byte', (socket) => socket.end(), /closed the connection before it answered/],
  ['a reset before a byte', (socket) => socket.resetAndDestroy(), /closed the connection before it answered/],
  [
    'an end in the status line',
    (socket) => socket.end('HTTP/1.1 20'),
    /closed the connection before it answered|does not speak HTTP/,
  ],
  [
    'an end in the headers',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Ty'),
    /closed the connection before it answered/,
  ],
  ['silence in the headers', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Ty'), /did not answer within 700 ms/],
  ['silence after the headers', (socket) => socket.write(headOf()), /did not answer within 700 ms/],
  [
    'headers without end',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write(`X-${'a'.repeat(2_000)}: 1\r\n`), 5);
      socket.once('close', () => clearInterval(timer));
    },
    /sent more headers with its answer than PromptDev reads/,
  ],
  [
    'more headers than are read',
    (socket) =>
      socket.end(`${headOf(Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`x-${at}`, 'y'.repeat(100)])))}`),
    /sent more headers with its answer than PromptDev reads/,
  ],
  [
    'headers that dribble',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
      const timer = setInterval(() => socket.write('a'), 20);
      socket.once('close', () => clearInterval(timer));
    },
    /did not answer within 700 ms/,
  ],
  [
    'an end in a chunk',
    (socket) => socket.end(`${headOf({ 'transfer-encoding': 'chunked' })}ff\r\n${helloEvents.slice(0, 90)}`),
    /ended the connection before its answer was complete/,
  ],
  [
    'an end before the last chunk',
    (socket) => socket.end(`${headOf({ 'transfer-encoding': 'chunked' })}5a\r\n${helloEvents.slice(0, 90)}\r\n`),
    /ended the connection before its answer was complete/,
  ],
  [
    'a chunk size that is none',
    (socket) => socket.write(`${headOf({ 'transfer-encoding': 'chunked' })}zz\r\n`),
    /does not speak HTTP|ended the connection/,
  ],
  [
    'a body shorter than its length',
    (socket) => socket.end(`${headOf({ 'content-length': 5_000 })}${helloEvents.slice(0, 90)}`),
    /ended the connection before its answer was complete/,
  ],
  [
    'silence in the body',
    (socket) => socket.write(`${headOf({ 'content-length': 5_000 })}${helloEvents.slice(0, 90)}`),
    /nothing arrived for 700 ms/,
  ],
  [
    'a reset in the body',
    (socket) =>
      socket.write(`${headOf({ 'content-length': 5_000 })}${helloEvents.slice(0, 90)}`, () =>
        setTimeout(() => socket.resetAndDestroy(), 30),
      ),
    /ended the connection before its answer was complete/,
  ],
  [
    'two lengths',
    (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nHello'),
    /does not speak HTTP|closed the connection/,
  ],
  ['another protocol', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'), /does not speak HTTP/],
  [
    'an error that breaks off',
    (socket) => socket.end('HTTP/1.1 400 Bad\r\nContent-Length: 900\r\n\r\nThe model is asleep'),
    /\(400\): "The model is asleep"/,
  ],
];

describe('an endpoint that answers with', () => {
  test.each(ends)('%s fails in a sentence and gives its slot back', async (_what, answer, message) => {
    const { target } = await rawTarget(answer);
    const first = drive(engine, target);
    const second = drive(engine, target);
    expect((await first).error?.message).toMatch(message);
    expect((await second).error?.message).toMatch(message);
  });

  test.each(ends.filter(([, , message]) => message.source.includes('700 ms')))(
    '%s can be cancelled, and its connection is closed',
    async (_what, answer) => {
      const { endpoint, target } = await rawTarget(answer);
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      const { error } = await drive(
        engine,
        { ...target, timeoutMs: 60_000, idleTimeoutMs: 60_000 },
        hello,
        controller.signal,
      );
      expect(error?.code).toBe('cancelled');
      await vi.waitFor(() => expect(endpoint.open()).toBe(0));
    },
  );

  test.each<[string, (socket: Socket) => void]>([
    ['102 first', (socket) => socket.write(`HTTP/1.1 102 Processing\r\n\r\n${whole}`)],
    ['100 Continue unasked', (socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${whole}`)],
    ['100 of HTTP/1.0', (socket) => socket.write(`HTTP/1.0 100 Continue\r\n\r\n${whole}`)],
    [
      '100, 102 and 103, one byte at a time',
      (socket) =>
        void dribble(
          socket,
          `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${whole}`,
        ),
    ],
    ['103 first', (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${whole}`)],
    ['a half-closed connection', (socket) => socket.end(`${headOf({ connection: 'close' })}${helloEvents}`)],
    [
      'an answer that stays open behind [DONE]',
      (socket) => socket.write(`${headOf({ 'content-length': length + 10 })}${helloEvents}`),
    ],
    ['one byte at a time', (socket) => void dribble(socket, whole)],
  ])('%s is understood', async (_what, answer) => {
    const { target } = await rawTarget(answer);
    const { error, text } = await drive(engine, target);
    expect(error).toBeNull();
    expect(text).toBe('Hello');
  });
});

test('100 Continue is passed over in each answer of a kept connection', async () => {
  const text = 'HTTP/1.1 100 Continue\r\n\r\n';
  const body = JSON.stringify({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] });
  const { endpoint, target } = await rawTarget((socket) => {
    socket.write(`${text}${headOf({ 'content-length': body.length, 'content-type': 'application/json' })}`);
    socket.write(body);
  });
  for (let index = 0; index < 8; index += 1) {
    const { error, text: said } = await drive(engine, target);
    expect([error, said]).toEqual([null, 'Hello']);
  }
  expect(endpoint.connections()).toBeLessThan(8);
});

const piece = (content: string, finish: string | null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;

test('a server that says why its answer ends, and then only keeps the connection open, is not waited for', async () => {
  const { target } = await rawTarget((socket) => {
    socket.write(`${headOf()}${piece('Hello', 'stop')}`);
    const timer = setInterval(() => socket.write(': ping\n\n'), 100);
    socket.once('close', () => clearInterval(timer));
  });
  const { error, text, events } = await drive(engine, target);
  expect([error, text]).toEqual([null, 'Hello']);
  expect(events.at(-1)).toMatchObject({ kind: 'finish', reason: 'stop' });
});

test('an error page that stalls is told with its status and what came of it', async () => {
  const { target } = await rawTarget((socket) => {
    socket.write(`${headOf({ 'content-length': 900 }).replace('200 OK', '500 No')}The disk is full`);
  });
  const { error } = await drive(engine, { ...target, idleTimeoutMs: 60_000 });
  expect(error?.message).toBe(`${target.endpoint} failed on its side (500): "The disk is full".`);
}, 20_000);

test('a server that calls every piece the last one is heard out', async () => {
  const { target } = await rawTarget((socket) => {
    const pieces = ['One ', 'two ', 'three ', 'four'];
    const say = () => {
      const next = pieces.shift();
      if (next === undefined) return socket.end();
      socket.write(piece(next, 'stop'));
      setTimeout(say, 400);
    };
    socket.write(headOf({ connection: 'close' }));
    say();
  });
  const { error, text } = await drive(engine, target);
  expect([error, text]).toEqual([null, 'One two three four']);
});

async function dribble(socket: Socket, text: string): Promise<void> {
  for (const byte of Buffer.from(text)) {
    socket.write(Buffer.of(byte));
    await new Promise(setImmediate);
  }
}

test('a connection that cannot be opened is given up at once when the run is cancelled', async () => {
  // An address reserved for documentation, where nothing answers.
  const target = targetOf('http://192.0.2.1:81/v1', 'm', { timeoutMs: 60_000 });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const started = performance.now();
  const { error, events } = await drive(engine, target, hello, controller.signal);
  // A connection is given up by itself after half a minute.
  expect(performance.now() - started).toBeLessThan(10_000);
  // Where there is no route at all, that is said before the person can cancel.
  expect(['cancelled', 'unavailable']).toContain(error?.code);
  expect(events).toEqual([]);
});

test('many runs on kept connections that the server closes meanwhile all succeed', async () => {
  const { endpoint, target } = await rawTarget((socket) => {
    socket.write(whole);
    setTimeout(() => socket.destroy(), 1);
  });
  for (let index = 0; index < 20; index += 1) {
    const { error } = await drive(engine, target);
    expect(error).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, index % 4));
  }
  expect(endpoint.connections()).toBeGreaterThan(1);
});
