/** What this folder uses of Papa Parse: its own types bring Node's with them, and src-core must not see those. */
interface Parsed<Row> {
  readonly data: Row;
  readonly errors: readonly { readonly message: string; readonly code: string; readonly row?: number }[];
  /** `cursor` is where the next record begins, in UTF-16 code units. */
  readonly meta: { readonly cursor: number };
}

declare const Papa: {
  parse<Row>(
    text: string,
    options: {
      readonly delimiter?: string;
      readonly newline?: '\n';
      readonly skipEmptyLines?: boolean | 'greedy';
      /** Gets one record a call; the whole is not kept then. */
      readonly step: (record: Parsed<Row>) => void;
    },
  ): void;
  unparse(
    table: { readonly fields: readonly string[]; readonly data: readonly (readonly unknown[])[] },
    options: { readonly quotes: (value: unknown) => boolean },
  ): string;
};

export { Papa as default };
