import type { AnyContractRouter } from '@orpc/contract';
import { type AnyRouter, createRouterClient, type Router } from '@orpc/server';
import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import { RPCHandler as SocketHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import type { Client } from '../../src-core/client/connection.ts';
import { fromWire } from '../../src-core/client/errors.ts';
import type { Port } from '../../src-core/client/port.ts';
import { mapStreamErrors } from '../../src-core/client/streams.ts';
import { wireJson } from '../../src-core/client/wire-json.ts';
import { assertNesting } from '../../src-core/nesting.ts';
import type { Log } from '../../src-core/ports.ts';
import type { CallContext } from './context.ts';
import { toCallError, toWire } from './errors.ts';

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
export const serveMessagePort = <Contracts extends AnyContractRouter>(
  router: Router<Contracts, CallContext>,
  port: Port,
  { clientId, log }: ServeOptions,
): void => {
  const handler = new PortHandler<CallContext>(router, { clientInterceptors: [failingAs(log, toWire)], ...wireJson });
  handler.upgrade(port, { context: { clientId } });
  port.start();
};

/** Answers calls that come over a WebSocket (of `ws`) until it closes, which ends its streams. */
export const serveWebSocket = <Contracts extends AnyContractRouter>(
  router: Router<Contracts, CallContext>,
  socket: WebSocket,
  { clientId, log }: ServeOptions,
): void => {
  const handler = new SocketHandler<CallContext>(router, { clientInterceptors: [failingAs(log, toWire)], ...wireJson });
  void handler.upgrade(socket, { context: { clientId } });
};

/** A client in the same process; it validates and fails exactly as the remote ones do. */
export const inProcessClient = <Contracts extends AnyContractRouter>(
  router: Router<Contracts, CallContext>,
  { clientId, log }: ServeOptions,
): Client<Contracts> =>
  // oRPC derives the client from the router's type, which it cannot do for a type parameter; the contract says the same.
  createRouterClient<AnyRouter, Record<never, never>>(router, {
    context: { clientId },
    interceptors: [failingAs(log, (error) => fromWire(error, undefined))],
  }) as unknown as Client<Contracts>;
