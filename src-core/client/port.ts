interface PortEvent {
  /** Present on every event; declared so that Node's `Event`, which has no `data`, is assignable. */
  readonly type?: string;
  readonly data?: unknown;
}

/** What the transports use of a MessagePort; the ports of browsers and of `node:worker_threads` fit as they are. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'close', listener: (event: PortEvent) => void): void;
  start(): void;
  close(): void;
}

/** What Electron's `MessagePortMain` offers instead of `addEventListener`. */
export interface EmitterPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** Electron's port as a `Port`. */
export function fromEmitterPort(port: EmitterPort): Port {
  return {
    postMessage: (message) => port.postMessage(message),
    addEventListener: (type, listener) => {
      if (type === 'message') port.on('message', listener);
      else port.on('close', () => listener({}));
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}
