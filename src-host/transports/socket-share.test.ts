import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventIterator, oc } from '@orpc/contract';
import { implement } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { connectWebSocket } from '../../src-core/client/connect.ts';
import type { Connection } from '../../src-core/client/connection.ts';
import type { CallContext } from './context.ts';
import { serveWebSocket } from './serve-calls.ts';

const contract = {
  work: oc.input(z.object({ ms: z.number() })).output(z.object({ ok: z.boolean() })),
  pour: oc.input(z.object({ events: z.number() })).output(eventIterator(z.object({ text: z.string() }))),
};

const piece = 'x'.repeat(100_000);
let working = 0;
let mostWorking = 0;
let poured = 0;
const implementer = implement(contract).$context<CallContext>();
const router = implementer.router({
  work: implementer.work.handler(async ({ input }) => {
    working += 1;
    mostWorking = Math.max(mostWorking, working);
    await sleep(input.ms);
    working -= 1;
    return { ok: true };
  }),
  pour: implementer.pour.handler(async function* ({ input }) {
    for (let event = 0; event < input.events; event += 1) {
      poured += 1;
      yield { text: piece };
    }
  }),
});

let server: WebSocketServer;
let problems: string[];
const opened: Connection<typeof contract>[] = [];

beforeEach(async () => {
  mostWorking = 0;
  poured = 0;
  problems = [];
  const log = { info: () => {}, error: (message: string) => void problems.push(message) };
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => serveWebSocket(router, socket, { clientId: 'window-1', log }));
  await once(server, 'listening');
});
afterEach(() => {
  for (const connection of opened.splice(0)) connection.close();
  for (const socket of server.clients) socket.terminate();
  server.close();
});

const dial = () => new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);

function openWindow() {
  const sockets: WebSocket[] = [];
  const connection = connectWebSocket<typeof contract>(() => {
    const socket = dial();
    sockets.push(socket);
    return socket;
  });
  opened.push(connection);
  return { client: connection.client, socket: () => sockets.at(-1)! };
}

test.each([
  ['no JSON', 'x'],
  ['nothing', ''],
  ['no message', '{}'],
  ['no request', '{"i":"1","t":1,"p":{}}'],
  ['bytes', Buffer.from([0xff, 0xfe, 0x1b, 0x5d])],
])('a window that sends %s loses its connection, which is logged, and others keep theirs', async (_, message) => {
  const { client } = openWindow();
  await client.work({ ms: 0 });
  const odd = dial();
  await once(odd, 'open');
  odd.send(message);
  const [code] = (await once(odd, 'close')) as [number];
  expect(code).toBe(1003);
  expect(problems).toEqual(['A window sent what is no call, or got no answer']);
  expect(await client.work({ ms: 0 })).toEqual({ ok: true });
});

test('a window that floods the host with calls gets every answer, and others do not wait for it', async () => {
  const { client } = openWindow();
  const other = openWindow();
  await Promise.all([client.work({ ms: 0 }), other.client.work({ ms: 0 })]);
  let answered = 0;
  const call = async () => {
    await client.work({ ms: 1 });
    answered += 1;
  };
  const flood = Promise.all(Array.from({ length: 5_000 }, call));
  await other.client.work({ ms: 0 });
  expect(answered).toBeLessThan(5_000);
  await flood;
  expect(answered).toBe(5_000);
  // The flood's, and one of the other window.
  expect(mostWorking).toBeLessThanOrEqual(65);
});

test('a window that does not read is sent no more of a stream than it can be trusted with, and the rest when it reads', async () => {
  const { client, socket } = openWindow();
  const stream = await client.pour({ events: 1_000 });
  const raw = (socket() as unknown as { _socket: Socket })._socket;
  raw.pause();
  let before = -1;
  while (poured !== before) {
    before = poured;
    await sleep(200);
  }
  // Four megabytes, and what the system keeps for a connection.
  expect(poured * piece.length).toBeLessThan(40_000_000);
  raw.resume();
  let events = 0;
  for await (const { text } of stream) events += text.length / piece.length;
  expect(events).toBe(1_000);
});

test('a window that goes away without having read ends its streams', async () => {
  const { client, socket } = openWindow();
  await client.pour({ events: 100_000 });
  (socket() as unknown as { _socket: Socket })._socket.pause();
  let before = -1;
  while (poured !== before) {
    before = poured;
    await sleep(200);
  }
  opened.splice(0)[0]!.close();
  socket().terminate();
  await expect.poll(() => server.clients.size).toBe(0);
  expect(poured).toBeLessThan(100_000);
});
