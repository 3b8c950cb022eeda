import { type ClientLink, createORPCClient } from '@orpc/client';
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../contract/index.ts';
import { assertNesting } from '../nesting.ts';
import { AppError } from '../scope/errors.ts';
import { fromWire } from './errors.ts';
import { mapStreamErrors } from './streams.ts';
import type { Wire } from './wires.ts';

/** The API as a client calls it; every failure is an AppError. */
export type Client<Router extends AnyContractRouter = Contract> = ContractRouterClient<Router>;

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** The connection was lost; the next attempt comes after `delayMs`. */
  | { readonly kind: 'waiting'; readonly attempt: number; readonly delayMs: number }
  /** Closed by this side, for good. */
  | { readonly kind: 'closed' };

/** A client that connects again when its transport is lost. */
export interface Connection<Router extends AnyContractRouter = Contract> {
  readonly client: Client<Router>;
  state(): ConnectionState;
  /** Called on every change of state; returns the unsubscriber. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Connects now instead of after the delay. */
  retry(): void;
  close(): void;
}

export interface ConnectionOptions {
  /** Opens a transport; called again after each loss. */
  readonly dial: () => Promise<Wire>;
  /** First and longest delay between attempts, milliseconds. */
  readonly backOff?: { readonly firstMs: number; readonly longestMs: number };
}

/** Connects, and keeps connected until `close`. Calls wait for an attempt that is under way and fail with `unavailable` between attempts. */
export function openConnection<Router extends AnyContractRouter = Contract>(
  options: ConnectionOptions,
): Connection<Router> {
  const { firstMs, longestMs } = options.backOff ?? { firstMs: 250, longestMs: 5_000 };
  const listeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = { kind: 'connecting' };
  let wire: Promise<Wire> = Promise.reject(new AppError('unavailable', 'Not connected yet.'));
  wire.catch(() => {});
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const change = (next: ConnectionState): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const isClosed = (): boolean => state.kind === 'closed';

  const wait = (): void => {
    if (isClosed()) return;
    const delayMs = Math.min(longestMs, firstMs * 2 ** attempts);
    attempts += 1;
    change({ kind: 'waiting', attempt: attempts, delayMs });
    timer = setTimeout(dial, delayMs);
  };
  const dial = (): void => {
    if (isClosed()) return;
    clearTimeout(timer);
    change({ kind: 'connecting' });
    wire = options.dial();
    wire.then((opened) => {
      if (isClosed()) return opened.close();
      attempts = 0;
      opened.closed.then(wait);
      change({ kind: 'open' });
    }, wait);
  };

  const currentWire = async (): Promise<Wire> => {
    if (state.kind === 'closed') throw new AppError('unavailable', 'The connection to the host is closed.');
    if (state.kind === 'waiting')
      throw new AppError('unavailable', 'The connection to the host is lost; trying again.');
    return wire;
  };

  const link: ClientLink<Record<never, never>> = {
    call: async (path, input, call) => {
      const toError = (thrown: unknown) => fromWire(thrown, call.signal);
      try {
        // Serialising a value that is nested too deep would overflow the stack.
        assertNesting(input, `The input of ${path.join('.')}`);
        const { link: open } = await currentWire();
        return mapStreamErrors(await open.call(path, input, call), toError);
      } catch (thrown) {
        throw toError(thrown);
      }
    },
  };

  dial();
  return {
    client: createORPCClient(link) as Client<Router>,
    state: () => state,
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    retry: () => {
      if (state.kind === 'waiting') dial();
    },
    close: () => {
      clearTimeout(timer);
      change({ kind: 'closed' });
      wire.then(
        (open) => open.close(),
        () => {},
      );
    },
  };
}
