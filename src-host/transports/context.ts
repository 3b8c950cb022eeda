import type { Router } from '@orpc/server';
import type { Contract } from '../../src-core/contract/index.ts';

/** What every operation knows of its caller. */
export interface CallContext {
  /** One per connection (a window, a CLI call); changes carry it as their origin. */
  readonly clientId: string;
}

/** The contract implemented: what a host offers and the transports serve. */
export type HostRouter = Router<Contract, CallContext>;
