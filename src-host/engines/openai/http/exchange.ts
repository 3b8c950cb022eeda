import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** One HTTP request, ready to be written. */
export interface Outgoing {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Called when the request is written. */
  readonly sent: () => void;
  /** Called whenever bytes of the body arrive. */
  readonly received: () => void;
}

/** Status and headers of an answer, and its body as it arrives. */
export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** The connection failed; `cause` says why. Any other error is a bug. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Sends a request on a dispatcher; settles however the connection ends, and at once when it is aborted. */
export function exchange(dispatcher: Dispatcher, request: Outgoing): Promise<Incoming> {
  const { url, signal } = request;
  return new Promise((resolve, reject) => {
    let body: Readable | null = null;
    let controller: Dispatcher.DispatchController | null = null;
    const abort = () => {
      const reason = new ConnectionError(new Error('aborted'));
      // A connection that is still being opened has no controller; it needs no abort.
      controller?.abort(reason);
      if (body === null) reject(reason);
      else body.destroy(reason);
    };
    const settled = () => signal.removeEventListener('abort', abort);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: { ...request.headers },
        body: request.body === '' ? null : request.body,
      },
      {
        onRequestStart(started) {
          if (signal.aborted) return started.abort(new Error('aborted'));
          controller = started;
          request.sent();
        },
        onResponseStart(started, status, headers) {
          if (status === 101) return started.abort(badProtocol());
          if (status < 200 || body !== null) return;
          body = bodyOf(started);
          resolve({ status, headers: headersOf(headers), body });
        },
        onResponseData(started, chunk) {
          request.received();
          if (body?.push(chunk) === false) started.pause();
        },
        onResponseEnd() {
          settled();
          body?.push(null);
        },
        onResponseError(_started, error) {
          settled();
          const failure = error instanceof ConnectionError || isOurs(error) ? error : new ConnectionError(error);
          if (body === null) reject(failure);
          else body.destroy(failure);
        },
      },
    );
  });
}

function badProtocol(): Error {
  return Object.assign(new Error('101 Switching Protocols'), { code: 'HPE_UNEXPECTED_UPGRADE' });
}

function bodyOf(controller: Dispatcher.DispatchController): Readable {
  const body = new Readable({
    read: () => controller.resume(),
    destroy(error, done) {
      if (!controller.aborted) controller.abort(error ?? new Error('closed'));
      done(error);
    },
  });
  // Readers get the error; without a reader an `error` event would end the process.
  return body.on('error', () => {});
}

/** Whether an error is a bug and not caused by the network. */
function isOurs(error: Error): boolean {
  // undici reports a proxy that wants a password as an invalid argument.
  if (error.message.includes('(407)')) return false;
  if ((error as NodeJS.ErrnoException).code === 'UND_ERR_INVALID_ARG') return true;
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

function headersOf(raw: Readonly<Record<string, string | readonly string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    const text = typeof value === 'string' ? value : value?.[0];
    // Values that `Headers` would refuse are dropped.
    if (text !== undefined && /^[\t\x20-\xff]*$/.test(text)) headers.set(name, text);
  }
  return headers;
}
