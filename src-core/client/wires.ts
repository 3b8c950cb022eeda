import type { ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { AppError } from '../scope/errors.ts';
import type { Port } from './port.ts';
import { wireJson } from './wire-json.ts';

/** One open transport: where calls go, and when it is over. */
export interface Wire {
  readonly link: ClientLink<Record<never, never>>;
  /** Resolves when either side has closed it. */
  readonly closed: Promise<void>;
  close(): void;
}

/** What the transport uses of a WebSocket; that of browsers, of Node and of `ws` fit. */
export interface Socket {
  readonly readyState: number;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  close(): void;
}

/** A wire over a MessagePort, which is open at once. */
export function portWire(port: Port): Wire {
  let over = (): void => {};
  const closed = new Promise<void>((resolve) => {
    over = resolve;
  });
  port.addEventListener('close', over);
  const link = new PortLink<Record<never, never>>({ port, ...wireJson });
  port.start();
  return {
    link,
    closed,
    close: () => {
      port.close();
      over();
    },
  };
}

/** A wire over a WebSocket once it is open; rejects with `unavailable` when it does not open. */
export function socketWire(socket: Socket): Promise<Wire> {
  let over = (): void => {};
  const closed = new Promise<void>((resolve) => {
    over = resolve;
  });
  socket.addEventListener('close', over);
  // The link listens from the start, so that no message between "open" and here is lost.
  const link = new SocketLink<Record<never, never>>({ websocket: socket as never, ...wireJson });
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new AppError('unavailable', 'The host does not answer.'));
    socket.addEventListener('open', () => resolve({ link, closed, close: () => socket.close() }));
    socket.addEventListener('error', refuse);
    socket.addEventListener('close', refuse);
  });
}
