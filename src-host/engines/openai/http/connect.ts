import type { Socket } from 'node:net';
import { buildConnector, Pool } from 'undici';
import { withoutInterimAnswers } from './interim-answers.ts';

/** Opens connections, and knows which request is the first one on a connection. */
export interface Connector {
  readonly connect: buildConnector.connector;
  /** Whether the request that is being written uses a connection that was just opened for it. */
  isFresh(): boolean;
}

/** How long a connection may take to open, TLS included, milliseconds; far above what any reachable server needs. */
const connectTimeoutMs = 30_000;

export const connectOptions = {
  timeout: connectTimeoutMs,
  allowH2: false,
  // Node gives each address of a host 250 ms to connect, which is too short for a distant server.
  autoSelectFamilyAttemptTimeout: 2_000,
} as const;

/** A connector for direct connections. */
export function createConnector(): Connector {
  const open = buildConnector(connectOptions);
  let fresh = false;
  return {
    isFresh: () => fresh,
    connect(options, callback) {
      open(options, (...result) => {
        // undici writes the request that waits for the connection from within the callback.
        fresh = true;
        try {
          if (result[0] === null) callback(null, withoutInterimAnswers(result[1] as Socket));
          else callback(result[0], null);
        } finally {
          fresh = false;
        }
      });
    },
  };
}

/** Pools of connections through proxies, which are opened in ways of their own. */
export function createPool(origin: string | URL, options: object): Pool {
  const { connect } = options as Pool.Options;
  if (typeof connect !== 'function') return new Pool(origin, options);
  return new Pool(origin, {
    ...options,
    connect: (where, callback) =>
      connect(where, (...result) => {
        if (result[0] === null) callback(null, withoutInterimAnswers(result[1] as Socket));
        else callback(result[0], null);
      }),
  });
}
