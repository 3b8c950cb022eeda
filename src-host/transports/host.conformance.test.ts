import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { connectMessagePort, connectWebSocket } from '../../src-core/client/connect.ts';
import type { Client } from '../../src-core/client/connection.ts';
import type { Contract } from '../../src-core/contract/index.ts';
import type { Change } from '../../src-core/contract/workspace.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import type { Host } from '../host/host.ts';
import { contentOf } from '../testing/host-clients.ts';
import { openOwnHost } from '../testing/own-host.ts';
import { inProcessClient, serveMessagePort, serveWebSocket } from './serve-calls.ts';

/** One client of a host, and the way to lose it. */
interface Caller {
  readonly client: Client;
  readonly clientId: string;
  readonly close: () => void;
}

const overMessagePort = async (host: Host): Promise<Caller> => {
  const clientId = randomUUID();
  const { port1, port2 } = new MessageChannel();
  serveMessagePort(host.router, port1, { clientId, log: host.log });
  const connection = connectMessagePort(async () => port2);
  return { client: connection.client, clientId, close: connection.close };
};

const overWebSocket = async (host: Host): Promise<Caller> => {
  const clientId = randomUUID();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => serveWebSocket(host.router, socket, { clientId, log: host.log }));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = connectWebSocket(() => new WebSocket(`ws://127.0.0.1:${port}`));
  const close = () => {
    connection.close();
    server.close();
  };
  return { client: connection.client, clientId, close };
};

const inProcess = async (host: Host): Promise<Caller> => {
  const clientId = randomUUID();
  return { client: inProcessClient<Contract>(host.router, { clientId, log: host.log }), clientId, close: () => {} };
};

const failure = async (call: Promise<unknown>): Promise<AppError> => {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(AppError);
  return thrown as AppError;
};

let own: Awaited<ReturnType<typeof openOwnHost>>;
beforeAll(async () => {
  own = await openOwnHost();
});
afterAll(() => own.close());

const transports = { MessagePort: overMessagePort, WebSocket: overWebSocket, 'in-process call': inProcess };

describe.each(Object.entries(transports))('the real host over %s', (transport, open) => {
  let caller: Caller;
  beforeAll(async () => {
    caller = await open(own.host);
  });
  afterAll(() => caller.close());
  const name = `conformance/${transport.toLowerCase().replaceAll(' ', '-')}`;

  test('keeps what a client creates and gives it back as it was', async () => {
    const { client } = caller;
    const content = contentOf('Greet {{ name }} — „ß“ 👋');
    const created = await client.prompts.create({ name, title: 'Über', content });
    const found = await client.prompts.find({ name });
    expect(found.id).toBe(created.id);
    expect(found.draft.content).toEqual(content);
  });

  test('answers wrong input and unknown rows with the right code and a sentence', async () => {
    const { client } = caller;
    const invalid = await failure(client.prompts.create({ name: 'Not A Slug' }));
    expect(invalid.code).toBe('invalid');
    expect(invalid.message).toMatch(/"name".+\.$/);
    expect((await failure(client.prompts.get({ id: randomUUID() }))).code).toBe('not_found');
    expect((await failure(client.prompts.create({ name }))).code).toBe('conflict');
  });

  // Loading the model measures threads, which takes its time on a busy machine.
  test('streams a run of the starter model to its end', { timeout: 120_000 }, async () => {
    const { client } = caller;
    const { id } = await client.runs.start({
      content: contentOf('Say hello.'),
      model: 'starter',
      sampling: { temperature: 0, maxTokens: 16 },
    });
    let text = '';
    for await (const event of await client.runs.watch({ id })) {
      if (event.kind === 'delta') text = text.slice(0, event.offset) + event.text;
      if (event.kind === 'finished') {
        expect(event.run.status).toBe('succeeded');
        expect(event.run.output).toBe(text);
      }
    }
    expect(text).not.toBe('');
  });

  test('ends a watch that is aborted and lets the other clients watch on', async () => {
    const { client, clientId } = caller;
    const aborted = new AbortController();
    const seen: Change[] = [];
    const stream = await client.workspace.changes(undefined, { signal: aborted.signal });
    const reading = (async () => {
      for await (const change of stream) seen.push(change);
    })();
    // The subscription stands once its first change arrives.
    await expect
      .poll(async () => {
        await client.settings.setState({ key: name, value: seen.length });
        await client.settings.update({ author: `Ada ${seen.length} ${Date.now()}` });
        return seen.some((change) => change.topic === 'settings' && change.origin === clientId);
      })
      .toBe(true);
    aborted.abort();
    await reading.catch((error: AppError) => expect(error.code).toBe('cancelled'));
    const count = seen.length;
    await client.settings.update({ author: 'Bob' });
    expect(seen).toHaveLength(count);
  });
});
