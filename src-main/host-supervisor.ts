import { type HostMessage, hostMessageSchema, type ShellMessage } from '../src-core/desktop/host-messages.ts';

/** What is used of Electron's `UtilityProcess` that runs the host. */
export interface HostProcess<Port> {
  postMessage(message: ShellMessage, ports?: Port[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): unknown;
}

export interface SupervisorOptions<Port> {
  readonly dataDir: string;
  readonly start: () => HostProcess<Port>;
  /** The host cannot open its data directory and is not started again. */
  readonly onFailed: (message: string) => void;
  /** The host asks for an engine process, or for the end of one. */
  readonly onEngine: (message: EngineRequest, host: HostProcess<Port>) => void;
  /** The host has exited, so its engines must end. */
  readonly onExit: (code: number) => void;
  readonly backOff?: BackOff;
}

type EngineRequest = Extract<HostMessage, { readonly kind: 'launch-engine' | 'kill-engine' }>;

export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** A host that ran this long is started again without the delays of earlier exits. */
  readonly healthyMs: number;
}

export interface HostSupervisor<Port> {
  /** Gives the host one end of a channel to a window, now or as soon as there is a host. */
  connect(clientId: string, port: Port): void;
  /** Ends the host after it has closed its database; resolves when it is gone. */
  close(): Promise<void>;
}

const defaultBackOff: BackOff = { firstMs: 1_000, longestMs: 30_000, healthyMs: 60_000 };
const closeLimitMs = 5_000;

/** Keeps a host process running: it is started again after an exit, with growing delays when it exits repeatedly. */
export function superviseHost<Port>(options: SupervisorOptions<Port>): HostSupervisor<Port> {
  const backOff = options.backOff ?? defaultBackOff;
  const waiting: { readonly clientId: string; readonly port: Port }[] = [];
  let host: HostProcess<Port> | null = null;
  let isReady = false;
  let deaths = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed: PromiseWithResolvers<void> | null = null;

  const handOver = (): void => {
    for (const { clientId, port } of waiting.splice(0)) host?.postMessage({ kind: 'connect', clientId }, [port]);
  };

  const receive = (process: HostProcess<Port>, raw: unknown) => {
    const { data: message } = hostMessageSchema.safeParse(raw);
    if (!message || process !== host) return;
    switch (message.kind) {
      case 'ready':
        isReady = true;
        return handOver();
      case 'failed':
        clearTimeout(timer);
        closed ??= Promise.withResolvers();
        process.kill();
        return options.onFailed(message.message);
      case 'launch-engine':
      case 'kill-engine':
        return options.onEngine(message, process);
    }
  };

  const start = (): void => {
    const startedAt = Date.now();
    const process = options.start();
    host = process;
    process.on('message', (message) => receive(process, message));
    process.on('exit', (code) => {
      host = null;
      isReady = false;
      options.onExit(code);
      if (closed) return closed.resolve();
      deaths = Date.now() - startedAt >= backOff.healthyMs ? 0 : deaths;
      timer = setTimeout(start, Math.min(backOff.longestMs, backOff.firstMs * 2 ** deaths));
      deaths += 1;
    });
    process.postMessage({ kind: 'open', dataDir: options.dataDir });
  };

  start();
  return {
    connect: (clientId, port) => {
      waiting.push({ clientId, port });
      if (isReady) handOver();
    },
    close: () => {
      if (closed) return closed.promise;
      closed = Promise.withResolvers();
      clearTimeout(timer);
      if (!host) closed.resolve();
      host?.postMessage({ kind: 'close' });
      setTimeout(() => host?.kill(), closeLimitMs).unref();
      return closed.promise;
    },
  };
}
