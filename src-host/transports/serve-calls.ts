import type { AnyContractRouter } from '@orpc/contract';
import { type AnyRouter, createRouterClient, type Router } from '@orpc/server';
import { experimental_RPCHandler as SocketHandler } from '@orpc/server/crossws';
import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import type { WebSocket } from 'ws';
import type { Client } from '../../src-core/client/connection.ts';
import { fromWire } from '../../src-core/client/errors.ts';
import type { Port } from '../../src-core/client/port.ts';
import { mapStreamErrors, paceStream } from '../../src-core/client/streams.ts';
import { wireJson } from '../../src-core/client/wire-json.ts';
import { assertNesting } from '../../src-core/nesting.ts';
import type { Log } from '../../src-core/ports.ts';
import type { CallContext } from './context.ts';
import { toCallError, toWire } from './errors.ts';
import { createSocketShare, type SocketShare } from './socket-share.ts';

export interface ServeOptions extends CallContext {
  readonly log: Log;
}

interface Call {
  readonly path: readonly string[];
  readonly input: unknown;
  readonly signal?: AbortSignal;
  next(): Promise<unknown>;
}

/** Wraps one call so that what nests too deep is refused before anything walks through it, and so that it and its stream fail with nothing but what `convert` returns. */
const failingAs =
  (log: Log, convert: (error: ReturnType<typeof toCallError>) => Error) =>
  async ({ path, input, signal, next }: Call): Promise<unknown> => {
    const toError = (thrown: unknown) => convert(toCallError(thrown, { path, signal, log }));
    try {
      assertNesting(input, `The input of ${path.join('.')}`);
      return mapStreamErrors(await next(), toError);
    } catch (thrown) {
      throw toError(thrown);
    }
  };

/** Answers calls that come over a MessagePort until it closes, which ends its streams. */
export function serveMessagePort<Contracts extends AnyContractRouter>(
  router: Router<Contracts, CallContext>,
  port: Port,
  { clientId, log }: ServeOptions,
): void {
  const handler = new PortHandler<CallContext>(router, { clientInterceptors: [failingAs(log, toWire)], ...wireJson });
  handler.upgrade(port, { context: { clientId } });
  port.start();
}

/** Lets a window have its share of the host and no more: calls wait for their turn, streams for a window that reads. */
const sharing =
  (share: SocketShare) =>
  async ({ next }: Pick<Call, 'next'>): Promise<unknown> =>
    paceStream(await share.call(next), share.room);

/** What a WebSocket is closed with when something came that is no call; 1003 is "data of a type that cannot be accepted". */
const noCall = { code: 1003, reason: 'This is not a message of PromptDev.' } as const;

/** Answers calls that come over a WebSocket (of `ws`) until it closes, which ends its streams. */
export function serveWebSocket<Contracts extends AnyContractRouter>(
  router: Router<Contracts, CallContext>,
  socket: WebSocket,
  { clientId, log }: ServeOptions,
): void {
  const share = createSocketShare(socket);
  const handler = new SocketHandler<CallContext>(router, {
    clientInterceptors: [sharing(share), failingAs(log, toWire)],
    ...wireJson,
  });
  const peer = { send: share.send };
  socket.on('message', (data: Buffer, isBinary) => {
    // oRPC's own adapter for `ws` prints what it cannot read to the terminal of the host.
    const message = { rawData: isBinary ? data : data.toString(), uint8Array: () => data };
    handler.message(peer, message, { context: { clientId } }).catch((cause: unknown) => {
      log.error('A window sent what is no call, or got no answer', cause);
      socket.close(noCall.code, noCall.reason);
    });
  });
  socket.on('close', () => handler.close(peer));
}

/** A client in the same process; it validates and fails exactly as the remote ones do. */
export function inProcessClient<Contracts extends AnyContractRouter>(
  router: Router<Contracts, CallContext>,
  { clientId, log }: ServeOptions,
): Client<Contracts> {
  // oRPC derives the client from the router's type, which it cannot do for a type parameter; the contract says the same.
  return createRouterClient<AnyRouter, Record<never, never>>(router, {
    context: { clientId },
    interceptors: [failingAs(log, (error) => fromWire(error, undefined))],
  }) as unknown as Client<Contracts>;
}
