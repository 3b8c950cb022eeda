import type { Side } from '../world.ts';

/** What holds on every storage. `run` happens on two tenants at the same time. */
export interface ServiceCase {
  /** A sentence. */
  readonly name: string;
  run(side: Side, other: Side): Promise<void>;
}
