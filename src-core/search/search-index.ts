import type { Database } from '../ports.ts';

/** What can be found: a prompt's metadata with its draft, a version's content, a run's output. */
export interface SearchDocument {
  readonly kind: 'prompt' | 'version' | 'run';
  /** Id of the row it stands for. */
  readonly ref: string;
  readonly promptId: string | null;
  readonly name: string;
  readonly title: string;
  readonly tags: string;
  readonly description: string;
  readonly body: string;
  readonly note: string;
}

export interface SearchHit {
  readonly kind: SearchDocument['kind'];
  readonly ref: string;
  readonly promptId: string | null;
}

/** Full-text search behind one port: FTS5 on SQLite, `tsvector` on Postgres. Writes join the transaction they are given. */
export interface SearchIndex {
  put(database: Database, documents: readonly SearchDocument[]): Promise<void>;
  remove(database: Database, kind: SearchDocument['kind'], refs: readonly string[]): Promise<void>;
  /**
   * At most `limit` prompts, best first, then at most `limit` versions and runs, newest first. `match` is an FTS5
   * expression as `parseSearchQuery` makes it.
   */
  search(
    database: Database,
    match: string,
    kinds: readonly SearchDocument['kind'][],
    limit: number,
  ): Promise<readonly SearchHit[]>;
  /** The texts of each hit, in the order in which a snippet is best taken from them. */
  texts(database: Database, hits: readonly SearchHit[]): Promise<readonly (readonly string[])[]>;
}
