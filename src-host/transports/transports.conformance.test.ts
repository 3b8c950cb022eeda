import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { eventIterator, oc } from '@orpc/contract';
import { implement } from '@orpc/server';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { connectMessagePort, connectWebSocket } from '../../src-core/client/connect.ts';
import type { Client, Connection } from '../../src-core/client/connection.ts';
import { errors } from '../../src-core/contract/errors.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import type { CallContext } from './context.ts';
import { inProcessClient, serveMessagePort, serveWebSocket } from './serve-calls.ts';

/** A contract with one operation for each way to answer or fail. */
const probe = {
  greet: oc
    .input(z.object({ name: z.string(), tags: z.array(z.string().min(2)).default([]) }))
    .output(z.object({ greeting: z.string(), clientId: z.string() }))
    .errors(errors),
  refuse: oc.errors(errors),
  explode: oc.errors(errors),
  wrongOutput: oc.output(z.object({ count: z.number() })).errors(errors),
  count: oc
    .input(z.object({ to: z.number(), ending: z.enum(['end', 'refuse', 'explode', 'wait']) }))
    .output(eventIterator(z.object({ number: z.number() })))
    .errors(errors),
  hang: oc.errors(errors),
};
type Probe = typeof probe;

interface Service {
  readonly client: Client<Probe>;
  /** Streams whose generator has not run its `finally`. */
  readonly openStreams: () => number;
  readonly logged: () => readonly string[];
  /** Closes the transport from the host's side; absent where there is none to close. */
  readonly hangUp?: () => void;
  readonly close: () => Promise<void>;
}

const untilAborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

const createProbe = () => {
  let open = 0;
  const logged: string[] = [];
  const log = {
    info: () => {},
    error: (message: string, cause?: unknown) => logged.push(`${message}: ${String(cause)}`),
  };
  const implementer = implement(probe).$context<CallContext>();
  const router = implementer.router({
    greet: implementer.greet.handler(({ input, context }) => ({
      greeting: `Hello, ${input.name}`,
      clientId: context.clientId,
    })),
    refuse: implementer.refuse.handler(() => {
      throw new AppError('conflict', 'The draft was changed in another window.', { revision: 7 });
    }),
    explode: implementer.explode.handler(() => {
      throw new Error('password=hunter2');
    }),
    wrongOutput: implementer.wrongOutput.handler(() => ({ count: 'many' }) as never),
    count: implementer.count.handler(async function* ({ input, signal }) {
      open += 1;
      try {
        for (let number = 1; number <= input.to; number += 1) {
          yield { number };
          if (number % 10 === 0) await setImmediate();
        }
        if (input.ending === 'refuse') throw new AppError('unavailable', 'The engine stopped.');
        if (input.ending === 'explode') throw new Error('secret detail');
        if (input.ending === 'wait') await untilAborted(signal);
      } finally {
        open -= 1;
      }
    }),
    hang: implementer.hang.handler(({ signal }) => untilAborted(signal)),
  });
  return { router, log, openStreams: () => open, logged: () => logged };
};

const overMessagePort = async (): Promise<Service> => {
  const { router, log, ...observed } = createProbe();
  const { port1, port2 } = new MessageChannel();
  serveMessagePort(router, port1, { clientId: 'window-1', log });
  const connection = connectMessagePort<Probe>(async () => port2);
  return {
    ...observed,
    client: connection.client,
    hangUp: () => port1.close(),
    close: async () => connection.close(),
  };
};

const overWebSocket = async (): Promise<Service> => {
  const { router, log, ...observed } = createProbe();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => serveWebSocket(router, socket, { clientId: 'window-1', log }));
  await once(server, 'listening');
  const connection = connectWebSocket<Probe>(
    () => new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
  return {
    ...observed,
    client: connection.client,
    hangUp: () => {
      for (const socket of server.clients) socket.terminate();
    },
    close: async () => {
      connection.close();
      server.close();
    },
  };
};

const inProcess = async (): Promise<Service> => {
  const { router, log, ...observed } = createProbe();
  return { ...observed, client: inProcessClient<Probe>(router, { clientId: 'window-1', log }), close: async () => {} };
};

const failure = async (call: Promise<unknown>): Promise<AppError> => {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(AppError);
  return thrown as AppError;
};

const collect = async (stream: AsyncIterable<{ number: number }>, numbers: number[]): Promise<void> => {
  for await (const event of stream) numbers.push(event.number);
};

const until = async (condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('The condition did not come true within 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const transports = { MessagePort: overMessagePort, WebSocket: overWebSocket, 'in-process call': inProcess };

describe.each(Object.entries(transports))('over %s', (_name, open) => {
  let service: Service;
  const opened = async (): Promise<Service> => {
    service = await open();
    return service;
  };
  afterEach(() => service.close());

  test('a call is answered, with defaults filled in and the caller known', async () => {
    const { client } = await opened();
    expect(await client.greet({ name: 'Ada' })).toEqual({ greeting: 'Hello, Ada', clientId: 'window-1' });
  });

  test('many calls at once each get their own answer', async () => {
    const { client } = await opened();
    const names = Array.from({ length: 200 }, (_, index) => `n${index}`);
    const answers = await Promise.all(names.map((name) => client.greet({ name })));
    expect(answers.map((answer) => answer.greeting)).toEqual(names.map((name) => `Hello, ${name}`));
  });

  test('input that breaks the contract is "invalid" and names the field', async () => {
    const { client, logged } = await opened();
    const error = await failure(client.greet({ name: 'Ada', tags: ['ok', 'x'] }));
    expect(error.code).toBe('invalid');
    expect(error.message).toBe('"tags[1]" needs at least 2 characters, not 1.');
    expect(error.details).toMatchObject({ issues: [{ path: 'tags[1]' }] });
    expect(logged()).toEqual([]);
  });

  test.each([300, 30_000])('input that nests %i levels deep is "invalid", and says where', async (levels) => {
    const { client, logged } = await opened();
    let deep: unknown = 'x';
    for (let i = 0; i < levels; i += 1) deep = [deep];
    await expect(client.greet({ name: 'Ada', tags: deep as string[] })).rejects.toMatchObject({
      code: 'invalid',
      message: 'The input of greet nests more than 256 levels deep, in "tags.0.0…"; give it in fewer levels.',
    });
    expect(logged()).toEqual([]);
  });

  test("the service's own errors keep code, sentence and details", async () => {
    const { client } = await opened();
    const error = await failure(client.refuse());
    expect(error.toData()).toEqual({
      code: 'conflict',
      message: 'The draft was changed in another window.',
      details: { revision: 7 },
    });
  });

  test('an unexpected error is hidden from the client and logged on the host', async () => {
    const { client, logged } = await opened();
    const error = await failure(client.explode());
    expect(error.code).toBe('internal');
    expect(JSON.stringify(error.toData())).not.toContain('hunter2');
    expect(logged()).toEqual(['explode failed: Error: password=hunter2']);
  });

  test('output that breaks the contract is an internal error, not a wrong answer', async () => {
    const { client, logged } = await opened();
    expect((await failure(client.wrongOutput())).code).toBe('internal');
    expect(logged()).toHaveLength(1);
  });

  test('a stream arrives whole and in order', async () => {
    const { client, openStreams } = await opened();
    const numbers: number[] = [];
    await collect(await client.count({ to: 500, ending: 'end' }), numbers);
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(openStreams()).toBe(0);
  });

  test('an error in the middle of a stream comes after what was sent before it', async () => {
    const { client } = await opened();
    const numbers: number[] = [];
    const error = await failure(collect(await client.count({ to: 3, ending: 'refuse' }), numbers));
    expect(error.toData()).toEqual({ code: 'unavailable', message: 'The engine stopped.' });
    expect(numbers).toEqual([1, 2, 3]);
  });

  test('an unexpected error in a stream is hidden and logged', async () => {
    const { client, logged } = await opened();
    const error = await failure(collect(await client.count({ to: 1, ending: 'explode' }), []));
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('secret');
    expect(logged()).toEqual(['count failed: Error: secret detail']);
  });

  test('leaving the loop over a stream ends it on the host', async () => {
    const { client, openStreams } = await opened();
    for await (const event of await client.count({ to: 1_000_000, ending: 'end' })) {
      if (event.number === 3) break;
    }
    await until(() => openStreams() === 0);
  });

  test('aborting the signal ends a stream that waits, on both sides', async () => {
    const { client, openStreams, logged } = await opened();
    const controller = new AbortController();
    const numbers: number[] = [];
    const reading = failure(
      collect(await client.count({ to: 2, ending: 'wait' }, { signal: controller.signal }), numbers),
    );
    await until(() => numbers.length === 2);
    expect(openStreams()).toBe(1);
    controller.abort();
    expect((await reading).code).toBe('cancelled');
    await until(() => openStreams() === 0);
    expect(logged()).toEqual([]);
  });

  test('aborting the signal of a call that waits is "cancelled"', async () => {
    const { client } = await opened();
    const controller = new AbortController();
    const call = failure(client.hang(undefined, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 20);
    expect((await call).code).toBe('cancelled');
  });

  test('when the host hangs up, calls and streams under way fail with "unavailable" and the host frees them', async () => {
    const { client, openStreams, hangUp } = await opened();
    if (!hangUp) return expect(hangUp).toBeUndefined();
    const numbers: number[] = [];
    const reading = failure(collect(await client.count({ to: 1, ending: 'wait' }), numbers));
    const call = failure(client.hang());
    await until(() => numbers.length === 1);
    hangUp();
    expect((await reading).code).toBe('unavailable');
    expect((await call).code).toBe('unavailable');
    await until(() => openStreams() === 0);
  });
});

describe('a connection', () => {
  const host = async (port = 0) => {
    const { router, log } = createProbe();
    const http = createServer();
    const server = new WebSocketServer({ server: http });
    server.on('connection', (socket) => serveWebSocket(router, socket, { clientId: 'window-1', log }));
    http.listen(port, '127.0.0.1');
    await once(http, 'listening');
    return {
      port: (http.address() as AddressInfo).port,
      kill: async () => {
        for (const socket of server.clients) socket.terminate();
        http.close();
        await once(http, 'close');
      },
    };
  };
  let connection: Connection<Probe> | null = null;
  afterEach(() => connection?.close());

  test('tells its state, fails calls at once while the host is away, and comes back with it', async () => {
    const first = await host();
    const states: string[] = [];
    connection = connectWebSocket<Probe>(() => new WebSocket(`ws://127.0.0.1:${first.port}`), {
      backOff: { firstMs: 20, longestMs: 100 },
    });
    connection.onState((state) => states.push(state.kind));
    await connection.client.greet({ name: 'Ada' });
    await first.kill();
    await until(() => connection?.state().kind === 'waiting');
    expect((await failure(connection.client.greet({ name: 'Ada' }))).code).toBe('unavailable');
    await until(() => states.filter((state) => state === 'waiting').length >= 3);
    const second = await host(first.port);
    await until(() => connection?.state().kind === 'open');
    expect((await connection.client.greet({ name: 'Bob' })).greeting).toBe('Hello, Bob');
    expect(states.slice(0, 4)).toEqual(['open', 'waiting', 'connecting', 'waiting']);
    connection.close();
    await second.kill();
  });

  test('takes the next port when the host was started anew', async () => {
    const { router, log } = createProbe();
    const hosts: { close(): void }[] = [];
    connection = connectMessagePort<Probe>(
      async () => {
        const { port1, port2 } = new MessageChannel();
        serveMessagePort(router, port1, { clientId: 'window-1', log });
        hosts.push(port1);
        return port2;
      },
      { backOff: { firstMs: 10, longestMs: 10 } },
    );
    await connection.client.greet({ name: 'Ada' });
    hosts[0]?.close();
    await until(() => hosts.length === 2 && connection?.state().kind === 'open');
    expect((await connection.client.greet({ name: 'Bob' })).greeting).toBe('Hello, Bob');
  });

  test('closed for good, it answers "unavailable" and does not dial again', async () => {
    let dials = 0;
    const { router, log } = createProbe();
    connection = connectMessagePort<Probe>(async () => {
      dials += 1;
      const { port1, port2 } = new MessageChannel();
      serveMessagePort(router, port1, { clientId: 'window-1', log });
      return port2;
    });
    await connection.client.greet({ name: 'Ada' });
    connection.close();
    expect((await failure(connection.client.greet({ name: 'Ada' }))).code).toBe('unavailable');
    expect(dials).toBe(1);
  });
});
