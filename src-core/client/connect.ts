import type { AnyContractRouter } from '@orpc/contract';
import type { Contract } from '../contract/index.ts';
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts';
import type { Port } from './port.ts';
import { portWire, type Socket, socketWire } from './wires.ts';

type BackOff = Pick<ConnectionOptions, 'backOff'>;

/** A connection over MessagePorts. `nextPort` gives the first port, and a new one after each restart of the host. */
export function connectMessagePort<Router extends AnyContractRouter = Contract>(
  nextPort: () => Promise<Port>,
  options: BackOff = {},
): Connection<Router> {
  return openConnection<Router>({ ...options, dial: async () => portWire(await nextPort()) });
}

/** A connection over WebSockets. `openSocket` starts a new one for each attempt. */
export function connectWebSocket<Router extends AnyContractRouter = Contract>(
  openSocket: () => Socket,
  options: BackOff = {},
): Connection<Router> {
  return openConnection<Router>({ ...options, dial: () => socketWire(openSocket()) });
}
