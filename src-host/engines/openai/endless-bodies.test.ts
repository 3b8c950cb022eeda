import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { EngineEvent, RemoteTarget } from '../../../src-core/ports.ts';
import { createRemoteEngine } from './remote-engine.ts';

/** What an engine says of an endpoint that behaves so. */
async function ask(listener: RequestListener): Promise<EngineEvent[]> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const engine = createRemoteEngine({ env: {} });
  onTestFinished(() => {
    engine.dispose();
    server.closeAllConnections();
    server.close();
  });
  const target: RemoteTarget = {
    endpoint: 'lab',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    apiKey: null,
    model: 'm',
    maxConcurrency: 1,
    timeoutMs: 60_000,
    idleTimeoutMs: 60_000,
    maxRetries: 0,
    neverSend: [],
  };
  const request = {
    messages: [{ role: 'user' as const, content: 'hi' }],
    sampling: {},
    tools: [],
    responseSchema: null,
  };
  const events: EngineEvent[] = [];
  for await (const event of engine.generate(target, request, new AbortController().signal)) events.push(event);
  return events;
}

test('an error whose body trickles for ever is told with what came of it', { timeout: 20_000 }, async () => {
  const asked = ask((_, response) => {
    response.writeHead(400, { 'content-type': 'text/plain' });
    response.write('The queue is closed');
    const timer = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(timer));
  });
  await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('(400): "The queue is closed"') });
});

test('a flood of empty events gives everybody else a turn', { timeout: 60_000 }, async () => {
  let longest = 0;
  let before = process.threadCpuUsage();
  // Processor time between two turns, which does not depend on the load of the machine.
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    longest = Math.max(longest, (user + system) / 1_000);
  }, 5);
  onTestFinished(() => clearInterval(timer));
  const events = await ask((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = { choices: [{ index: 0, delta: { content: 'x' }, finish_reason: null }] };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.write('data:\n\n'.repeat(2_000_000));
    response.end(
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`,
    );
  });
  expect(events.at(-1)).toMatchObject({ kind: 'finish', reason: 'stop' });
  expect(longest).toBeLessThan(100);
});
