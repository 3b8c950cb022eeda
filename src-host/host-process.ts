import { type EmitterPort, fromEmitterPort } from '../src-core/client/port.ts';
import { terminalText } from '../src-core/content/text/terminal-text.ts';
import type { HostMessage, ShellMessage } from '../src-core/desktop/host-messages.ts';
import type { Log } from '../src-core/ports.ts';
import { toAppError } from '../src-core/scope/errors.ts';
import { openDataDir } from './files/data-dir.ts';
import { guardListener } from './host/guard-listener.ts';
import { type Host, openHost } from './host/host.ts';
import { createParentPortLauncher } from './host/parent-port-launcher.ts';
import { serveMessagePort } from './transports/serve-calls.ts';

/** What Electron puts on `process` in a utility process. */
interface ParentPort {
  postMessage(message: HostMessage): void;
  on(event: 'message', listener: (event: ShellEvent) => void): void;
}

interface ShellEvent {
  readonly data: ShellMessage;
  readonly ports: EmitterPort[];
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

  // A shell that is gone takes no more lines.
  process.stderr.on('error', () => {});
  const log: Log = {
    info: (message, details) => host?.log.info(message, details),
    error(message, cause) {
      if (host) host.log.error(message, cause);
      else process.stderr.write(`${terminalText(`${message} ${String(cause)}`)}\n`);
    },
  };
  // One failed operation must not end the host with everything else that it is doing.
  process.on('unhandledRejection', (reason) => log.error('A promise was rejected and nobody listened', reason));
  const receive = async ({ data: message, ports: [port] }: ShellEvent) => {
    switch (message.kind) {
      case 'open':
        return open(message.dataDir);
      case 'connect':
        if (!host || !port) return;
        return serveMessagePort(host.router, fromEmitterPort(port), { clientId: message.clientId, log });
      case 'engine-started':
      case 'engine-exited':
        return engines.receive(message, port);
      case 'close':
        return close();
    }
  };
  parent.on('message', guardListener(log, 'A message of the shell could not be taken', receive));
};

const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };
if (!parentPort) throw new Error('This file runs as an Electron utility process only; without Electron use serve.ts.');
runHost(parentPort);
