/** A host in a process of its own, for tests of several on one file: says its port, and ends with its parent. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { openHost } from '../host/host.ts';
import { serveWebSocket } from '../transports/serve-calls.ts';

const [dataDir = ''] = process.argv.slice(2);
const host = await openHost({ dataDir, withoutSamples: true });
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
server.on('connection', (socket, request) => {
  const clientId = decodeURIComponent(request.url?.slice(1) ?? '');
  serveWebSocket(host.router, socket, { clientId, log: host.log });
});
await once(server, 'listening');
process.on('disconnect', async () => {
  for (const socket of server.clients) socket.terminate();
  server.close();
  await host.close();
  process.exit();
});
process.send?.((server.address() as AddressInfo).port);
