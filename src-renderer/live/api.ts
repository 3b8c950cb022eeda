import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { QueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { connectMessagePort, connectWebSocket } from '../../src-core/client/connect.ts';
import type { Connection, ConnectionState } from '../../src-core/client/connection.ts';
import { clientId, nextPort, runsInElectron } from './ports.ts';

const connection: Connection = runsInElectron
  ? connectMessagePort(() => nextPort('host'))
  : connectWebSocket(() => new WebSocket(new URL(`/rpc?client=${clientId}`, location.href.replace(/^http/, 'ws'))));

/** The host. Nobody but this file knows how it is reached. */
export const client = connection.client;

/** Whether the host can be reached now. */
export const useConnection = create<{ readonly state: ConnectionState; readonly wasOpen: boolean }>(() => ({
  state: connection.state(),
  wasOpen: false,
}));
connection.onState((state) =>
  useConnection.setState(({ wasOpen }) => ({ state, wasOpen: wasOpen || state.kind === 'open' })),
);

/** Resolves as soon as the host can be reached. */
export function whenConnected(): Promise<void> {
  if (connection.state().kind === 'open') return Promise.resolve();
  return new Promise((resolve) => {
    const stop = connection.onState((state) => {
      if (state.kind !== 'open') return;
      stop();
      resolve();
    });
  });
}

/** Dials at once instead of after the delay. */
export function reconnectNow(): void {
  connection.retry();
}

/** Query options and keys of every operation, as in `useQuery(orpc.models.list.queryOptions())`. */
export const orpc = createTanstackQueryUtils(client);

/** What was read this long ago is read again when it is shown again, milliseconds. */
export const staleMs = 30_000;

/** Everything that the window has read from the host; `changes` tells when to read again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: staleMs, retry: false, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});
