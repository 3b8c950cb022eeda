import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EmitterPort } from '../src-core/client/port.ts';
import type { ShellMessage } from '../src-core/desktop/host-messages.ts';
import { createParentPortLauncher, type ParentPortLauncher } from '../src-host/host/parent-port-launcher.ts';
import { createEngineLauncher, type EngineLauncher, type EngineProcess } from './engine-launcher.ts';

// Both sides of the hand-over are the real ones; worker threads stand for Electron's utility processes.
const script = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', (message) => {
    if (message === 'die') { process.stderr.write('out of memory'); setTimeout(() => process.exit(9), 20); }
    else parentPort.postMessage({ echo: message, env: workerData.MODE });
  });
`;

/** A port of Node with the events of Electron's. */
interface Port extends EmitterPort {
  readonly inner: MessagePort;
}
const asEmitterPort = (inner: MessagePort): Port => ({
  inner,
  postMessage: (message) => inner.postMessage(message),
  on: (event: 'message' | 'close', listener: (event: { readonly data: unknown }) => void) =>
    event === 'message' ? inner.on('message', (data) => listener({ data })) : inner.on('close', listener as () => void),
  start: () => inner.start(),
  close: () => inner.close(),
});

const startWorker = (env: Readonly<Record<string, string>>): EngineProcess => {
  const worker = new Worker(script, { eval: true, workerData: env, stderr: true });
  return {
    pid: 4_711,
    stderr: worker.stderr,
    postMessage: (message) => worker.postMessage(message),
    on: (event: 'spawn' | 'message' | 'exit', listener: (value: never) => void) =>
      worker.on(event === 'spawn' ? 'online' : event, listener as () => void),
    kill: () => worker.terminate(),
  };
};

let shell: EngineLauncher<Port>;
let host: ParentPortLauncher;

beforeEach(() => {
  shell = createEngineLauncher<Port>({
    start: startWorker,
    createChannel: () => {
      const { port1, port2 } = new MessageChannel();
      return { port1: asEmitterPort(port1), port2: asEmitterPort(port2) };
    },
  });
  const toHost = { postMessage: (message: ShellMessage, ports?: Port[]) => host.receive(message, ports?.[0]) };
  host = createParentPortLauncher((message) => {
    if (message.kind === 'launch-engine') shell.launch(message.id, message.env, toHost);
    if (message.kind === 'kill-engine') shell.kill(message.id);
  });
});
afterEach(() => shell.killAll());

test('the host talks to an engine that the shell started, also before it runs', async () => {
  const engine = host.launch('ignored', { MODE: 'cpu' });
  const answers: unknown[] = [];
  engine.onMessage((message) => answers.push(message));
  engine.send('load');
  await expect.poll(() => answers).toEqual([{ echo: 'load', env: 'cpu' }]);
  expect(engine.pid).toBe(4_711);
  engine.send('generate');
  await expect.poll(() => answers.length).toBe(2);
});

test('the host hears once how an engine ended and what it last said', async () => {
  const engine = host.launch('ignored', {});
  const exits: unknown[] = [];
  engine.onExit((exit) => exits.push(exit));
  engine.send('die');
  await expect.poll(() => exits).toEqual([{ code: 9, signal: null, stderr: 'out of memory' }]);
  engine.send('into the void');
  engine.kill();
  expect(exits).toHaveLength(1);
});

test('an engine can be ended, alone or with all others when the host is gone', async () => {
  const [first, second] = [host.launch('ignored', {}), host.launch('ignored', {})];
  const ended: string[] = [];
  first?.onExit(() => ended.push('first'));
  second?.onExit(() => ended.push('second'));
  first?.kill();
  await expect.poll(() => ended).toEqual(['first']);
  shell.killAll();
  // Messages arrive in order, so the others have ended before this one.
  const third = host.launch('ignored', {});
  third?.onExit(() => ended.push('third'));
  third?.kill();
  await expect.poll(() => ended).toContain('third');
  // The host that owned the second is gone, so nobody is told.
  expect(ended).toEqual(['first', 'third']);
});
