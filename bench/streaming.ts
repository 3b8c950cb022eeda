/**
 * Tokens per second of node-llama-cpp called directly, through the engine process, and through engine process, host and
 * WebSocket as a window gets them.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import { connectWebSocket } from '../src-core/client/connect.ts';
import { contentSchema } from '../src-core/contract/content.ts';
import { openHost } from '../src-host/host/host.ts';
import { serveWebSocket } from '../src-host/transports/serve-calls.ts';
import { benchLocal, type LocalWay, type OpenLocalWay } from './local.ts';

/** A whole host on a file of its own, asked over a real WebSocket. */
const openHostWay: OpenLocalWay = async ({ path, threads }): Promise<LocalWay> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-bench-'));
  const host = await openHost({ dataDir, withoutSamples: true });
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => serveWebSocket(host.router, socket, { clientId: 'bench', log: host.log }));
  const { port } = server.address() as AddressInfo;
  const connection = connectWebSocket(() => new WebSocket(`ws://127.0.0.1:${port}`));
  const { client } = connection;
  const { id: model } = await client.models.addLocal({ path });
  await client.models.updateLocal({ id: model, threads });
  await client.models.load({ id: model });
  return {
    name: 'engine process, host and WebSocket',
    async generate(prompt, tokens) {
      const content = contentSchema.parse({ messages: [{ role: 'user', content: prompt }] });
      const { id } = await client.runs.start({ content, model, sampling: { maxTokens: tokens, temperature: 0 } });
      for await (const event of await client.runs.watch({ id })) {
        if (event.kind === 'finished' && event.run.outputTokens !== tokens) {
          throw new Error(
            `${event.run.outputTokens} tokens came, ${tokens} were asked for. ${event.run.error?.message ?? ''}`,
          );
        }
      }
    },
    async close() {
      connection.close();
      sockets.close();
      server.close();
      await host.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/** Prints the speeds of the three ways, interleaved, and their ratios. */
export function benchStreaming(): Promise<void> {
  return benchLocal([openHostWay]);
}
