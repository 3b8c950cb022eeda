import type { EmitterPort } from '../src-core/client/port.ts';
import type { ShellMessage } from '../src-core/desktop/host-messages.ts';

/** What is used of Electron's `UtilityProcess` that runs an engine. */
export interface EngineProcess {
  readonly pid: number | undefined;
  readonly stderr: { on(event: 'data', listener: (chunk: Buffer) => void): unknown } | null;
  postMessage(message: unknown): void;
  on(event: 'spawn', listener: () => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): unknown;
}

export interface EngineLauncherOptions<Port extends EmitterPort> {
  readonly start: (env: Readonly<Record<string, string>>) => EngineProcess;
  readonly createChannel: () => { readonly port1: Port; readonly port2: Port };
}

/** The host process that gets the port of an engine. */
export interface EngineOwner<Port> {
  postMessage(message: ShellMessage, ports?: Port[]): void;
}

export interface EngineLauncher<Port> {
  launch(id: number, env: Readonly<Record<string, string>>, owner: EngineOwner<Port>): void;
  kill(id: number): void;
  /** To call when the host has exited: ends its engines. */
  killAll(): void;
}

const stderrLimit = 4_000;

/** Starts engine processes for the host, which as a utility process cannot, and passes messages between the two. */
export function createEngineLauncher<Port extends EmitterPort>({
  start,
  createChannel,
}: EngineLauncherOptions<Port>): EngineLauncher<Port> {
  const engines = new Map<number, EngineProcess>();

  const launch: EngineLauncher<Port>['launch'] = (id, env, owner) => {
    const engine = start(env);
    engines.set(id, engine);
    let stderr = '';
    engine.stderr?.on('data', (chunk) => {
      stderr = (stderr + chunk.toString()).slice(-stderrLimit);
    });
    engine.on('spawn', () => {
      const { port1, port2 } = createChannel();
      engine.on('message', (message) => port1.postMessage(message));
      port1.on('message', ({ data }) => engine.postMessage(data));
      port1.start();
      owner.postMessage({ kind: 'engine-started', id, pid: engine.pid }, [port2]);
    });
    engine.on('exit', (code) => {
      // Ids start again with the next host, so this id may name another engine now.
      if (engines.get(id) !== engine) return;
      engines.delete(id);
      owner.postMessage({ kind: 'engine-exited', id, code, stderr });
    });
  };

  return {
    launch,
    kill: (id) => void engines.get(id)?.kill(),
    killAll: () => {
      const all = [...engines.values()];
      engines.clear();
      for (const engine of all) engine.kill();
    },
  };
}
