/** The documentation of a filter, test, statement, global or loop member. */
export interface CatalogueEntry {
  readonly name: string;
  /** How it is written, as in `text | truncate(length=255)`. */
  readonly signature: string;
  /** One sentence. */
  readonly text: string;
  /** A template that shows it. */
  readonly example: string;
  /** What the example renders to; null when that is different each time or needs another prompt. */
  readonly result: string | null;
  /** For a statement: what completion inserts, with `$1` and `${2:name}` where the cursor goes. */
  readonly snippet?: string;
}

/** Name, signature, sentence, example and its result. */
export type Row = readonly [name: string, signature: string, text: string, example: string, result: string | null];

export function toEntry([name, signature, text, example, result]: Row): CatalogueEntry {
  return {
    name,
    signature,
    text,
    example,
    result,
  };
}

/**
 * A row with the snippet that completion inserts: `<1:name>` is a named placeholder, `$0` the last position of the
 * cursor.
 */
export type StatementRow = readonly [...Row, snippet: string];

export function toStatement([name, signature, text, example, result, snippet]: StatementRow): CatalogueEntry {
  return { name, signature, text, example, result, snippet: snippet.replaceAll(/<(\d:\w+)>/g, '$${$1}') };
}
