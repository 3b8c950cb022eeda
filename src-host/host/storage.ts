import type { RunStorage } from '../../src-core/runs/run-storage.ts';
import type { Actor } from '../../src-core/scope/actor.ts';
import type { Store } from '../../src-core/scope/scope.ts';
import type { CallContext } from '../transports/context.ts';

/** Where a host keeps what it has: a file of its own, or one tenant of a database. */
export interface Storage {
  readonly store: Store;
  /** The host itself, for what it does without being asked. */
  readonly host: Actor;
  /** Who stands behind a connection. */
  readonly actorOf: (context: CallContext) => Actor;
  readonly runStorage: (hostId: string) => RunStorage;
  /** A failure of the disk and the like as the sentence that says so; anything else as it is. */
  readonly explain: (error: unknown) => unknown;
  /** The file, or what a person knows the database by. */
  readonly place: string;
  /** One sentence while nothing can be saved, else null. */
  readonly problem: () => string | null;
  /** Ends all who follow and lets go of what was opened. */
  close(): Promise<void>;
}
