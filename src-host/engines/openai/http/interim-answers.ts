import type { Duplex } from 'node:stream';

/** Longest interim answer; anything longer is passed on. */
const maxHeadBytes = 16_384;
/** Long enough to tell `HTTP/1.1 100` from everything else. */
const markBytes = 'HTTP/1.1 100'.length;

/**
 * Removes interim answers such as `100 Continue` and `103 Early Hints` from a socket: undici treats the first as an
 * error, but a client must ignore it even when it did not ask for it (RFC 9110, 15.2).
 */
export function withoutInterimAnswers<Socket extends Duplex>(socket: Socket): Socket {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  let awaitsAnswer = true;
  let held: Buffer = Buffer.alloc(0);

  function readAnswer(size?: number): Buffer | null {
    for (let more = read(size); more !== null; more = read(size)) {
      held = held.length === 0 ? more : Buffer.concat([held, more]);
      let length = interimLength(held);
      while (length !== null && length > 0) {
        held = held.subarray(length);
        length = interimLength(held);
      }
      if (held.length === 0 || length === null) continue;
      const answer = held;
      awaitsAnswer = false;
      held = Buffer.alloc(0);
      return answer;
    }
    return null;
  }

  return Object.assign(socket, {
    read: (size?: number) => (awaitsAnswer ? readAnswer(size) : read(size)),
    write(...given: unknown[]) {
      // A request; what comes next is the head of its answer.
      awaitsAnswer = true;
      return write(...given);
    },
  });
}

/** Length of the interim answer at the start of these bytes; 0 when there is none, null when more bytes are needed. */
function interimLength(bytes: Buffer): number | null {
  if (bytes.length === 0) return 0;
  const start = bytes.toString('latin1', 0, markBytes);
  if (bytes.length < markBytes) return 'HTTP/1.1 1'.startsWith(start.slice(0, 10).replace('.0', '.1')) ? null : 0;
  // `101 Switching Protocols` is left to undici, which refuses it.
  if (!/^HTTP\/1\.[01] 1\d\d$/.test(start) || start.endsWith('101')) return 0;
  const end = bytes.indexOf('\r\n\r\n');
  if (end >= 0) return end + 4;
  return bytes.length > maxHeadBytes ? 0 : null;
}
