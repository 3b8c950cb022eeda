import type { IncomingMessage } from 'node:http';

/** A client that sends nothing for this long has read its answer; milliseconds. */
const quietMs = 1_000;
/** Longest time to read a body after the answer. */
const longestMs = 30_000;

/** Whether the request announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Reads and discards the rest of a body, because a browser that cannot finish sending does not read the answer; a
 * client that sends less than it announced is disconnected.
 */
export function discardBody(request: IncomingMessage): void {
  if (request.complete) return;
  const end = (): void => void request.socket.destroySoon();
  const last = setTimeout(end, longestMs).unref();
  let quiet = setTimeout(end, quietMs).unref();
  const stop = (): void => {
    clearTimeout(last);
    clearTimeout(quiet);
  };
  request.on('data', () => {
    clearTimeout(quiet);
    quiet = setTimeout(end, quietMs).unref();
  });
  request.once('end', stop).once('close', stop).on('error', stop).resume();
}
