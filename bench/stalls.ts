/**
 * The longest stall of the host's event loop while large answers arrive and while a comparison of 100 000 cells is
 * started, watched, listed, cancelled and deleted. The host is a separate process that measures itself.
 */
import { fork } from 'node:child_process';
import { on } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket, WebSocketServer } from 'ws';
import { connectWebSocket } from '../src-core/client/connect.ts';
import type { Client } from '../src-core/client/connection.ts';
import { contentSchema } from '../src-core/contract/content.ts';
import { openHost } from '../src-host/host/host.ts';
import { serveWebSocket } from '../src-host/transports/serve-calls.ts';

/** Longest allowed stall. */
const boundMs = 100;
const megabyte = 1024 * 1024;

/** A step of a scenario that is measured, driven by a client as a window would. */
export interface StallStep {
  readonly name: string;
  run(client: Client): Promise<void>;
}

type Message =
  | { readonly kind: 'ready'; readonly port: number }
  /** Wall time and processor time of this thread, which differ on a busy machine. */
  | { readonly kind: 'stall'; readonly ms: number; readonly workedMs: number };

/** Measures the longest work between two turns of the event loop. */
function watchTurns() {
  const worked = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let longest = 0;
  let before = worked();
  setInterval(() => {
    const now = worked();
    longest = Math.max(longest, now - before);
    before = now;
  }, 1);
  return {
    take() {
      const took = longest;
      longest = 0;
      return took;
    },
  };
}

/** In the child: a host behind a WebSocket that measures its event loop. */
async function serveHost(dataDir: string): Promise<void> {
  process.env.PROMPTDEV_KEYRING = 'off';
  const host = await openHost({ dataDir, withoutSamples: true, stays: true });
  const server = createServer().listen(0, '127.0.0.1');
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => serveWebSocket(host.router, socket, { clientId: 'bench', log: host.log }));
  await new Promise((resolve) => server.once('listening', resolve));
  const turns = watchTurns();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('message', () => {
    process.send?.({ kind: 'stall', ms: delay.max / 1e6, workedMs: turns.take() } satisfies Message);
    delay.reset();
  });
  process.send?.({ kind: 'ready', port: (server.address() as AddressInfo).port } satisfies Message);
}

/** Runs the steps against a host of their own, the first of them to prepare it, and prints the longest stall of each; the last line says whether all keep to the bound. */
export async function measureStalls(scenario: string, steps: readonly StallStep[]): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-stalls-'));
  const child = fork(fileURLToPath(import.meta.url), ['--host', dataDir], { execArgv: process.execArgv });
  const messages = on(child, 'message')[Symbol.asyncIterator]();
  const next = async (): Promise<Message> => ((await messages.next()).value as [Message])[0];
  const takeStall = async (): Promise<{ readonly ms: number; readonly workedMs: number }> => {
    child.send('stall');
    const message = await next();
    if (message.kind !== 'stall') throw new Error('The host did not say how long it stood still.');
    return message;
  };
  try {
    const ready = await next();
    if (ready.kind !== 'ready') throw new Error('The host did not start.');
    const connection = connectWebSocket(() => new WebSocket(`ws://127.0.0.1:${ready.port}`));
    let worst = 0;
    for (const step of steps) {
      await sleep(200);
      await takeStall();
      const started = performance.now();
      await step.run(connection.client);
      const stall = await takeStall();
      if (step !== steps[0]) worst = Math.max(worst, stall.workedMs);
      console.log(
        `  ${scenario}, ${step.name}: ${(performance.now() - started).toFixed(0)} ms, longest stall ${stall.ms.toFixed(0)} ms, of work ${stall.workedMs.toFixed(0)} ms`,
      );
    }
    console.log(`  ${scenario}: ${worst <= boundMs ? 'within' : 'BEYOND'} ${boundMs} ms`);
    connection.close();
  } finally {
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** An endpoint whose model name chooses the answer: `<letter>-<megabytes>-<bytes per chunk>`. */
async function startFlood(): Promise<{ readonly baseUrl: string; close(): void }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { model } = JSON.parse(Buffer.concat(parts).toString()) as { model: string };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      void pour(
        model,
        (text) => response.write(text),
        () => new Promise((resolve) => response.once('drain', resolve)),
      )
        .catch(() => undefined)
        .finally(() => response.end('data: [DONE]\n\n'));
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => void server.close(),
  };
}

async function pour(model: string, write: (text: string) => boolean, drained: () => Promise<unknown>): Promise<void> {
  const [kind = '', megabytes, size] = model.split('-');
  const piece = Number(size);
  const delta = deltas[kind]!(piece);
  const chunk =
    kind === 'blank'
      ? delta
      : `data: ${JSON.stringify({ choices: [{ index: 0, delta: JSON.parse(delta), finish_reason: null }] })}\n\n`;
  for (let sent = 0; sent < Number(megabytes) * megabyte; sent += piece) if (!write(chunk)) await drained();
  if (kind !== 'blank')
    write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`);
}

const deltas: Readonly<Record<string, (size: number) => string>> = {
  text: (size) => JSON.stringify({ content: 'word '.repeat(size / 5) }),
  thought: (size) => JSON.stringify({ reasoning_content: 'hmm, '.repeat(size / 5) }),
  spaces: (size) => JSON.stringify({ content: ' '.repeat(size) }),
  call: (size) =>
    JSON.stringify({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: 'x'.repeat(size) } }] }),
  blank: (size) => '\n'.repeat(size),
};

const content = contentSchema.parse({ messages: [{ role: 'user', content: 'Go on.' }] });
const checked = contentSchema.parse({ ...content, responseSchema: { type: 'object' } });

/** Runs one model to its end and follows it, as a window does. */
function streamed(model: string, what: typeof content = content): StallStep {
  return {
    name: model,
    async run(client) {
      const { id } = await client.runs.start({ content: what, model: `flood/${model}` });
      for await (const _ of await client.runs.watch({ id })) {
        // Watching is measured too.
      }
      await client.runs.list({});
      await client.runs.get({ id });
    },
  };
}

/** Large answers of text, reasoning, white space and arguments, in large and small pieces. */
export async function benchFlood(): Promise<void> {
  const flood = await startFlood();
  const add: StallStep = {
    name: 'start',
    async run(client) {
      await client.models.addEndpoint({ name: 'flood', baseUrl: flood.baseUrl, maxRetries: 0 });
      // The SDK is loaded with the first request.
      await streamed('text-0.01-50').run(client);
    },
  };
  const search: StallStep = { name: 'index', run: () => sleep(6_000) };
  await measureStalls('flood', [
    add,
    streamed('text-10-8000'),
    streamed('text-10-50'),
    streamed('text-30-8000'),
    streamed('text-10-8000', checked),
    streamed('thought-12-4000'),
    streamed('spaces-15-8000'),
    streamed('spaces-60-8000'),
    streamed('call-15-8000'),
    streamed('blank-60-8000'),
    search,
  ]);
  flood.close();
}

/** A comparison of as many cells as one may have. */
export async function benchCells(): Promise<void> {
  const rows = Array.from({ length: 10_000 }, (_, number) => ({
    number,
    text: `row ${number} of many, with some words in it`,
  }));
  const prompt = contentSchema.parse({
    messages: [{ role: 'user', content: 'Row {{ number }}: {{ text }}' }],
    inputs: [
      { name: 'number', type: 'number' },
      { name: 'text', type: 'string' },
    ],
  });
  const endpoint = await startFlood();
  let id = '';
  let cells = 0;
  const watch = async (client: Client) => {
    cells = 0;
    for await (const event of await client.comparisons.watch({ id }))
      if (event.kind === 'cells') cells += event.cells.length;
  };
  await measureStalls('cells', [
    {
      name: 'endpoint',
      run: async (client) =>
        void (await client.models.addEndpoint({
          name: 'flood',
          baseUrl: endpoint.baseUrl,
          maxRetries: 0,
          maxConcurrency: 64,
        })),
    },
    {
      name: 'start',
      async run(client) {
        const models = Array.from(
          { length: 10 },
          (_, index) => `flood/text-${index === 0 ? '0.001' : `0.00${index}`}-50`,
        );
        ({ id } = await client.comparisons.start({ prompts: [{ content: prompt }], models, rows, concurrency: 32 }));
      },
    },
    { name: 'get', run: async (client) => void (await client.comparisons.get({ id })) },
    { name: 'list', run: async (client) => void (await client.comparisons.list({})) },
    {
      name: 'watch and cancel',
      async run(client) {
        const watched = watch(client);
        await sleep(4_000);
        await client.comparisons.cancel({ id });
        await watched;
      },
    },
    { name: 'watch what is over', run: watch },
    { name: 'get what is over', run: async (client) => void (await client.comparisons.get({ id })) },
    { name: 'list what is over', run: async (client) => void (await client.comparisons.list({})) },
    { name: 'runs', run: async (client) => void (await client.runs.list({ comparisonId: id, status: 'cancelled' })) },
    { name: 'delete', run: async (client) => void (await client.comparisons.remove({ id })) },
  ]);
  console.log(`  ${cells.toLocaleString('en')} cells were watched`);
  endpoint.close();
}

/** Both scenarios. */
export async function benchStalls(): Promise<void> {
  await benchFlood();
  await benchCells();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , what, dataDir] = process.argv;
  await (what === '--host'
    ? serveHost(dataDir!)
    : what === 'cells'
      ? benchCells()
      : what === 'flood'
        ? benchFlood()
        : benchStalls());
}
