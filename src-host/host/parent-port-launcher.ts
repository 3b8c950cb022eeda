import type { EmitterPort } from '../../src-core/client/port.ts';
import type { HostMessage, ShellMessage } from '../../src-core/desktop/host-messages.ts';
import type { EngineChannel, EngineExit, LaunchEngine } from '../engines/gguf/engine-channel.ts';

export interface ParentPortLauncher {
  readonly launch: LaunchEngine;
  /** Takes a message of the shell; the port is that to the engine process, when it is about one. */
  receive(message: ShellMessage, port: EmitterPort | undefined): void;
}

interface Engine {
  pid: number | undefined;
  port: EmitterPort | null;
  exit: EngineExit | null;
  /** Sent before the port has come. */
  readonly waiting: unknown[];
  readonly messageListeners: ((message: unknown) => void)[];
  readonly exitListeners: ((exit: EngineExit) => void)[];
}

/** Engine processes under Electron, where the host asks the shell to start them and gets a port to each. */
export function createParentPortLauncher(tell: (message: HostMessage) => void): ParentPortLauncher {
  const engines = new Map<number, Engine>();
  let lastId = 0;

  const launch: LaunchEngine = (_entry, env): EngineChannel => {
    lastId += 1;
    const id = lastId;
    const engine: Engine = {
      pid: undefined,
      port: null,
      exit: null,
      waiting: [],
      messageListeners: [],
      exitListeners: [],
    };
    engines.set(id, engine);
    tell({ kind: 'launch-engine', id, env: { ...env } });
    return {
      get pid() {
        return engine.pid;
      },
      send: (message) => {
        if (engine.exit) return;
        if (engine.port) engine.port.postMessage(message);
        else engine.waiting.push(message);
      },
      onMessage: (listener) => void engine.messageListeners.push(listener),
      onExit: (listener) => {
        if (engine.exit) listener(engine.exit);
        else engine.exitListeners.push(listener);
      },
      kill: () => {
        if (!engine.exit) tell({ kind: 'kill-engine', id });
      },
    };
  };

  const started = (engine: Engine, pid: number | undefined, port: EmitterPort): void => {
    engine.pid = pid;
    engine.port = port;
    port.on('message', ({ data }) => {
      for (const listener of engine.messageListeners) listener(data);
    });
    port.start();
    for (const message of engine.waiting.splice(0)) port.postMessage(message);
  };

  return {
    launch,
    receive: (message, port) => {
      if (message.kind === 'engine-started') {
        const engine = engines.get(message.id);
        if (engine && port) started(engine, message.pid, port);
      }
      if (message.kind === 'engine-exited') {
        const engine = engines.get(message.id);
        if (!engine) return;
        engines.delete(message.id);
        engine.exit = { code: message.code, signal: null, stderr: message.stderr };
        for (const listener of engine.exitListeners) listener(engine.exit);
      }
    },
  };
}
