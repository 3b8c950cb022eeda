import type { Expression } from 'kysely';

/** What must be found: these words one after the other, the last one by its start where `prefix` says so. */
export interface SearchPhrase {
  readonly tokens: readonly string[];
  readonly prefix: boolean;
}

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

/** What is looked for, and where. */
export interface SearchRequest {
  /** All of these must be found; at least one. */
  readonly match: readonly SearchPhrase[];
  /** These must be found too, and count for no rank: any number of them. */
  readonly also: readonly SearchPhrase[];
  /** A query for the ids of the prompts that do not count; mostly a few, where those that do are all the others. */
  readonly except: Expression<unknown>;
  /** Most hits that are given. */
  readonly limit: number;
}

export interface OthersRequest extends Omit<SearchRequest, 'except'> {
  readonly kinds: readonly Exclude<SearchDocument['kind'], 'prompt'>[];
  /** A query for the ids of the prompts that count; null counts everything. */
  readonly among: Expression<unknown> | null;
  /** Runs that belong to no prompt count too. */
  readonly orWithoutPrompt?: boolean;
}

/** Full-text search behind one port: FTS5 on SQLite, `tsvector` on Postgres. Part of a scope, so that it sees what the scope sees. */
export interface SearchReader {
  /** Prompts, best first: those found by name, title or tag, then those found by their text. The total counts all matches. */
  findPrompts(request: SearchRequest): Promise<{ readonly hits: readonly SearchHit[]; readonly total: number }>;
  /** Versions and runs, newest first. */
  findOthers(request: OthersRequest): Promise<readonly SearchHit[]>;
  /** Ids of the prompts whose draft or latest version has the words of any of these texts one after the other, or may have. */
  promptsSaying(texts: readonly string[]): Promise<readonly string[]>;
  /** The texts of each hit, in the order in which a snippet is best taken from them. */
  texts(hits: readonly SearchHit[]): Promise<readonly (readonly string[])[]>;
}

export interface SearchWriter extends SearchReader {
  put(documents: readonly SearchDocument[]): Promise<void>;
  remove(kind: SearchDocument['kind'], refs: readonly string[]): Promise<void>;
}
