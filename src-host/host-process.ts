import { type EmitterPort, fromEmitterPort } from '../src-core/client/port.ts';
import type { HostMessage, ShellMessage } from '../src-core/desktop/host-messages.ts';
import { toAppError } from '../src-core/errors.ts';
import { terminalText } from '../src-core/text/terminal-text.ts';
import { openDataDir } from './data-dir.ts';
import { type Host, openHost } from './host.ts';
import { createParentPortLauncher } from './parent-port-launcher.ts';
import { serveMessagePort } from './transports/serve-calls.ts';

/** What Electron puts on `process` in a utility process. */
interface ParentPort {
  postMessage(message: HostMessage): void;
  on(event: 'message', listener: (event: { readonly data: ShellMessage; readonly ports: EmitterPort[] }) => void): void;
}

/** The host as a process of its own under Electron: the shell tells it what to open and brings it the ports of windows. */
const runHost = (parent: ParentPort): void => {
  const engines = createParentPortLauncher((message) => parent.postMessage(message));
  let host: Host | null = null;

  const open = async (dataDir: string): Promise<void> => {
    try {
      host = await openHost({ dataDir: openDataDir(dataDir), launchEngine: engines.launch, stays: true });
      parent.postMessage({ kind: 'ready' });
    } catch (thrown) {
      process.stderr.write(`${terminalText(String(thrown instanceof Error ? thrown.stack : thrown))}\n`);
      parent.postMessage({ kind: 'failed', message: toAppError(thrown).message });
    }
  };
  const close = async (): Promise<void> => {
    await host?.close();
    process.exit(0);
  };

  process.on('unhandledRejection', (reason) => {
    // One failed operation must not end the host with everything else that it is doing.
    if (host) host.log.error('A promise was rejected and nobody listened', reason);
    else process.stderr.write(`${terminalText(String(reason))}\n`);
  });
  parent.on('message', ({ data: message, ports: [port] }) => {
    switch (message.kind) {
      case 'open':
        return void open(message.dataDir);
      case 'connect':
        if (!host || !port) return;
        return serveMessagePort(host.router, fromEmitterPort(port), { clientId: message.clientId, log: host.log });
      case 'engine-started':
      case 'engine-exited':
        return engines.receive(message, port);
      case 'close':
        return void close();
    }
  });
};

const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };
if (!parentPort) throw new Error('This file runs as an Electron utility process only; without Electron use serve.ts.');
runHost(parentPort);
