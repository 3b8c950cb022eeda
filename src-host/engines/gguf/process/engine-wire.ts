import type { EmitterPort } from '../../../../src-core/client/port.ts';
import type { EngineCommand, EngineReport } from './protocol.ts';

/** The engine process's end of the channel to the host. */
export interface Wire {
  send(report: EngineReport): void;
  onCommand(listener: (command: EngineCommand) => void): void;
}

interface ParentPort {
  once(event: 'message', listener: (event: { readonly ports: readonly EmitterPort[] }) => void): void;
}

/**
 * Opens the channel to the host: that of `fork` under Node; under Electron, where the shell starts this process, the
 * port that the shell sends first. The process ends when the channel closes.
 */
export function openWire(onOpen: (wire: Wire) => void): void {
  const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };
  if (!parentPort) onOpen(forkWire());
  parentPort?.once('message', ({ ports: [port] }) => {
    if (port) onOpen(portWire(port));
  });
}

function forkWire(): Wire {
  process.once('disconnect', () => process.exit(0));
  return {
    send: (report) => void (process.connected && process.send?.(report)),
    onCommand: (listener) => void process.on('message', (command) => listener(command as EngineCommand)),
  };
}

function portWire(port: EmitterPort): Wire {
  port.on('close', () => process.exit(0));
  return {
    send: (report) => port.postMessage(report),
    onCommand(listener) {
      port.on('message', ({ data }) => listener(data as EngineCommand));
      port.start();
    },
  };
}
