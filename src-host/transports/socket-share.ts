import type { WebSocket } from 'ws';

/** What one window may take of the host, so that others get their turn. */
export interface SocketShare {
  /** Runs a call when it is its turn. */
  call<Result>(work: () => Promise<Result>): Promise<Result>;
  send(message: string | ArrayBufferLike | Uint8Array): void;
  /** Resolves when the window has read what it was sent, or has gone; undefined when it has. */
  room(): Promise<void> | undefined;
}

/** `readyState` of a WebSocket; a command that needs none does not load them. */
const states = { open: 1, closing: 2 } as const;
/** Calls of one window that are worked on at a time; no window makes so many, but a program may. */
const mostCalls = 64;
/** With so many calls waiting the socket is not read any further. */
const mostWaiting = 256;
/** A window that has so many bytes still to read gets no more of its streams until it has. */
const mostUnreadBytes = 4 * 1024 * 1024;

export function createSocketShare(
  socket: Pick<WebSocket, 'bufferedAmount' | 'once' | 'pause' | 'readyState' | 'resume' | 'send'>,
): SocketShare {
  const waiting: (() => void)[] = [];
  let working = 0;
  const roomWanted: (() => void)[] = [];
  // Whoever says goodbye takes nothing more, and ends its streams once it has closed.
  const isFull = () =>
    socket.readyState === states.closing ||
    (socket.readyState === states.open && socket.bufferedAmount > mostUnreadBytes);
  const flushed = (): void => {
    if (!isFull()) for (const go of roomWanted.splice(0)) go();
  };
  socket.once('close', flushed);

  const turn = (): Promise<void> => {
    if (waiting.length >= mostWaiting) socket.pause();
    return new Promise((resolve) => waiting.push(resolve));
  };
  const end = (): void => {
    // The place goes to whoever waits longest, after everybody else's messages: short calls would follow each other without end.
    const next = waiting.shift();
    if (next) setImmediate(next);
    else working -= 1;
    if (waiting.length === mostWaiting / 2) socket.resume();
  };

  return {
    async call(work) {
      if (working < mostCalls) working += 1;
      else await turn();
      try {
        return await work();
      } finally {
        end();
      }
    },
    send: (message) => socket.send(message, flushed),
    room: () => (isFull() ? new Promise((resolve) => roomWanted.push(resolve)) : undefined),
  };
}
