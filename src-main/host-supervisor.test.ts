import { once } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import type { ShellMessage } from '../src-core/desktop/host-messages.ts';
import { type HostProcess, superviseHost } from './host-supervisor.ts';

/** A worker thread stands for Electron's utility process: it starts, takes messages with ports, exits, and can be killed. */
const script = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', ({ message, ports: [port] }) => {
    if (message.kind === 'open' && workerData.broken) return parentPort.postMessage({ kind: 'failed', message: 'No disk.' });
    if (message.kind === 'open') return setTimeout(() => parentPort.postMessage({ kind: 'ready' }), 20);
    if (message.kind === 'close') return process.exit(0);
    port.postMessage(message.clientId + ' is served by ' + workerData.number);
    port.on('message', (word) => {
      if (word === 'die') process.exit(7);
      if (word === 'babble') parentPort.postMessage({ kind: 'launch-engine', id: 'not a number' });
      if (word === 'engine') parentPort.postMessage({ kind: 'launch-engine', id: 1, env: { A: 'b' } });
    });
  });
`;

const open = (broken = false) => {
  const started: Worker[] = [];
  const exits: number[] = [];
  const failures: string[] = [];
  const engines: unknown[] = [];
  const start = (): HostProcess<MessagePort> => {
    const worker = new Worker(script, { eval: true, workerData: { number: started.length + 1, broken } });
    started.push(worker);
    return {
      postMessage: (message: ShellMessage, ports = []) => worker.postMessage({ message, ports }, ports),
      on: (event: 'message' | 'exit', listener: (value: never) => void) => worker.on(event, listener as () => void),
      kill: () => worker.terminate(),
    };
  };
  const supervisor = superviseHost<MessagePort>({
    dataDir: '/data',
    start,
    onFailed: (message) => failures.push(message),
    onEngine: (message) => engines.push(message),
    onExit: (code) => exits.push(code),
    backOff: { firstMs: 10, longestMs: 40, healthyMs: 60_000 },
  });
  return { supervisor, started, exits, failures, engines };
};

const connect = async (supervisor: ReturnType<typeof open>['supervisor'], name: string) => {
  const { port1, port2 } = new MessageChannel();
  const greeting = once(port1, 'message');
  supervisor.connect(name, port2);
  return { port: port1, greeting: (await greeting)[0] as string };
};

/** Waits until another host that died later was started again, to show that this one is not. */
const anotherIsStartedAgain = async () => {
  const other = open();
  const { port } = await connect(other.supervisor, 'other');
  port.postMessage('die');
  await expect.poll(() => other.started.length).toBe(2);
  await other.supervisor.close();
};

let opened: ReturnType<typeof open>;
afterEach(() => opened.supervisor.close());

test('a window that asks before the host is ready is connected when it is', async () => {
  opened = open();
  const { greeting } = await connect(opened.supervisor, 'window');
  expect(greeting).toBe('window is served by 1');
});

test('a host that dies is started again and takes new windows', async () => {
  opened = open();
  const first = await connect(opened.supervisor, 'window');
  first.port.postMessage('die');
  await expect.poll(() => opened.exits).toEqual([7]);
  const second = await connect(opened.supervisor, 'window');
  expect(second.greeting).toBe('window is served by 2');
});

test('a data directory that cannot be opened is told once and not tried again', async () => {
  opened = open(true);
  await expect.poll(() => opened.failures).toEqual(['No disk.']);
  await anotherIsStartedAgain();
  expect(opened.started).toHaveLength(1);
});

test('only messages of the right shape reach the launcher of engines', async () => {
  opened = open();
  const { port } = await connect(opened.supervisor, 'window');
  port.postMessage('babble');
  port.postMessage('engine');
  await expect.poll(() => opened.engines).toEqual([{ kind: 'launch-engine', id: 1, env: { A: 'b' } }]);
});

test('closing lets the host end by itself and starts no other', async () => {
  opened = open();
  await connect(opened.supervisor, 'window');
  await opened.supervisor.close();
  expect(opened.exits).toEqual([0]);
  await anotherIsStartedAgain();
  expect(opened.started).toHaveLength(1);
});
