import type { Readable } from 'node:stream';
import type { Agents } from './agents.ts';
import { decoded } from './content-encoding.ts';
import { errorText } from './error-text.ts';
import { ConnectionError, exchange, type Incoming, type Outgoing } from './exchange.ts';

/** The body of a successful answer, unpacked; exactly one of `finish` and `destroy` ends it. */
export interface Body {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly contentType: string | null;
  /** Reads the rest, so that the connection can be used again. */
  finish(): void;
  destroy(): void;
}

/** How a request ended: with an answer that is about to be read, with an HTTP error, or without one. */
export type Answer =
  | { readonly kind: 'answer'; readonly body: Body }
  | { readonly kind: 'status'; readonly status: number; readonly headers: Headers; readonly text: string };

/** What requests are sent through. */
export interface Transport {
  /** Throws `ConnectionError` when no answer came; any other error is a bug. */
  send(request: Outgoing): Promise<Answer>;
  /** Loads undici, so that the first request need not wait for it. */
  prepare(): Promise<void>;
  close(): void;
}

const maxErrorBytes = 64 * 1024;
/** How long an error page may take to arrive. */
const errorPageMs = 5_000;
const drainMs = 1_000;
/**
 * A kept connection that the server has closed fails within this time; a later failure is not retried, because the
 * server may have the request.
 */
const staleMs = 500;
/** Most closed connections to try one after the other. */
const maxStale = 8;

/**
 * Requests through undici with kept-alive connections, through the proxy that `env` names. It never follows a redirect, so a
 * key stays with its origin.
 */
export function createTransport(env: Readonly<Record<string, string | undefined>>): Transport {
  let loading: Promise<Agents> | null = null;
  /** Loaded on first use, because undici delays the start by a tenth of a second. */
  const load = (): Promise<Agents> => {
    loading ??= import('./agents.ts').then(({ createAgents }) => createAgents(env));
    return loading;
  };

  /** Sends a request; when the server had closed the kept connection, it is sent on another one. */
  async function send(request: Outgoing): Promise<Incoming> {
    const agents = await load();
    for (let stale = 0; ; stale += 1) {
      const sent: { at: number; fresh: boolean } = { at: Number.POSITIVE_INFINITY, fresh: true };
      try {
        return await exchange(agents.forUrl(request.url), {
          ...request,
          sent() {
            sent.at = performance.now();
            sent.fresh = agents.isFresh(request.url);
            request.sent();
          },
        });
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        const cause = error.cause as NodeJS.ErrnoException;
        const atOnce = performance.now() - sent.at < staleMs;
        const again = atOnce && !sent.fresh && isClosed(cause) && stale < maxStale;
        if (again && !request.signal.aborted) continue;
        throw new ConnectionError(agents.asProxyFailure(cause, request.url));
      }
    }
  }

  return {
    async send(request) {
      const { status, headers, body } = await send(request);
      const chunks = decoded(body.iterator({ destroyOnReturn: false }), headers.get('content-encoding'));
      if (status >= 200 && status <= 299) {
        return { kind: 'answer', body: bodyFrom(body, chunks, headers.get('content-type')) };
      }
      return {
        kind: 'status',
        status,
        headers,
        text: await readText(body, chunks, request.signal, headers.get('content-type')),
      };
    },
    prepare: async () => void (await load()),
    close: () => void loading?.then((agents) => agents.close()),
  };
}

function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
}

function bodyFrom(body: Readable, chunks: AsyncIterable<Uint8Array>, contentType: string | null): Body {
  return {
    chunks,
    contentType,
    finish() {
      if (body.readableEnded || body.destroyed) return;
      const timer = setTimeout(() => body.destroy(), drainMs);
      timer.unref();
      body.once('close', () => clearTimeout(timer));
      body.resume();
    },
    destroy: () => void body.destroy(),
  };
}

/** Reads the start of an error page, which is enough for a message, also when it breaks off. */
async function readText(
  body: Readable,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  contentType: string | null,
): Promise<string> {
  // A page that stalls is not waited for, because the status says most.
  const timer = setTimeout(() => body.destroy(new ConnectionError(new Error('stalled'))), errorPageMs);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of chunks) {
      parts.push(part);
      size += part.length;
      if (size >= maxErrorBytes) break;
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof ConnectionError)) throw error;
  } finally {
    clearTimeout(timer);
  }
  const isWhole = body.readableEnded;
  // The rest is not needed and may be endless.
  if (!body.readableEnded) body.destroy();
  return errorText(Buffer.concat(parts).subarray(0, maxErrorBytes), contentType, isWhole);
}
