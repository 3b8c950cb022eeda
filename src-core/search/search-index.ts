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
  /** Text around the best match; matches stand between U+0001 and U+0002. */
  readonly snippet: string;
}

/** Full-text search behind one port: FTS5 on SQLite, `tsvector` on Postgres. Writes join the transaction they are given. */
export interface SearchIndex {
  put(database: Database, documents: readonly SearchDocument[]): Promise<void>;
  remove(database: Database, kind: SearchDocument['kind'], refs: readonly string[]): Promise<void>;
  /** Best first. `match` is an FTS5 expression as `parseSearchQuery` makes it. */
  search(
    database: Database,
    match: string,
    kinds: readonly SearchDocument['kind'][],
    limit: number,
  ): Promise<readonly SearchHit[]>;
}
