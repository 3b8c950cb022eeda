import type { Kysely } from 'kysely';
import type { ChangeKind, Topic } from '../contract/workspace.ts';
import type { Tables } from '../tables/tables.ts';
import type { Actor } from './actor.ts';
import type { SearchReader, SearchWriter } from './search.ts';

/** What reads may be made of; raw SQL runs on it too. */
export type ReadTables = Pick<Kysely<Tables>, 'selectFrom' | 'with' | 'withRecursive' | 'fn' | 'getExecutor'>;
export type WriteTables = ReadTables & Pick<Kysely<Tables>, 'insertInto' | 'updateTable' | 'deleteFrom'>;

/** What one call may see, and as whom. Made by the router; ends with the call. */
export interface Reader {
  readonly actor: Actor;
  readonly db: ReadTables;
  readonly search: SearchReader;
  /** When the call began: ISO 8601, UTC, milliseconds. */
  readonly now: string;
  readonly signal: AbortSignal | undefined;
}

/** What somebody must answer for. */
export interface AuditEntry {
  /** As in `label.move`. */
  readonly action: string;
  /** Id or name of what it was done to. */
  readonly subject: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One transaction. What it stamps is committed with it, or not at all. */
export interface Writer extends Reader {
  readonly db: WriteTables;
  readonly search: SearchWriter;
  /** Stamps a thing in the feed. Drafts are named by their prompt and concern the actor's person alone. */
  changed(topic: Topic, id: string, kind?: ChangeKind): void;
  audit(entry: AuditEntry): void;
  /** What this transaction deletes is to leave the bytes of the storage too, where it would stay readable for a while. */
  erase(): void;
}

/** Position in the feed: the commit counter of the workspace. */
export type Rev = number;

/** A thing and its last change; never content. */
export interface FeedChange {
  readonly rev: Rev;
  readonly topic: Topic;
  readonly id: string;
  readonly kind: ChangeKind;
  readonly origin: string | null;
}

/** The port that a storage implements. Whoever holds a scope holds no store: a scope would wait for itself. */
export interface Store {
  read<T>(as: Actor, work: (scope: Reader) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** One writer per workspace. `work` may run again, so it has no effect outside the scope. */
  write<T>(as: Actor, work: (scope: Writer) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Where the feed is now, from where one may follow it without missing anything. */
  rev(as: Actor): Promise<Rev>;
  /** What changed after `after`, by whichever process, in the order of `rev`, what came together together. */
  follow(as: Actor, after: Rev, signal: AbortSignal): AsyncIterable<readonly FeedChange[]>;
}

/** A store as one actor: what a job is given, which opens scopes as it goes. */
export interface Session {
  readonly actor: Actor;
  readonly signal: AbortSignal | undefined;
  read<T>(work: (scope: Reader) => Promise<T>): Promise<T>;
  write<T>(work: (scope: Writer) => Promise<T>): Promise<T>;
  rev(): Promise<Rev>;
  follow(after: Rev, signal: AbortSignal): AsyncIterable<readonly FeedChange[]>;
}

/** Two transactions got in each other's way; the same work may succeed when it runs again. */
export class SerialisationFailure extends Error {
  override readonly name = 'SerialisationFailure';
}

export function sessionOf(store: Store, actor: Actor, signal?: AbortSignal): Session {
  return {
    actor,
    signal,
    read: (work) => store.read(actor, work, signal),
    write: (work) => runAgain(() => store.write(actor, work, signal)),
    rev: () => store.rev(actor),
    follow: (after, abort) => store.follow(actor, after, abort),
  };
}

/** Most times that work runs which others keep getting in the way of. */
const mostTries = 5;

/** Runs a write again while it fails only because of another one. */
export async function runAgain<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof SerialisationFailure) || tries === mostTries) throw error;
    }
  }
}
