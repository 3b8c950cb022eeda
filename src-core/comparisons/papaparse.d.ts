/** What this folder uses of Papa Parse: its own types bring Node's with them, and src-core must not see those. */
declare const Papa: {
  parse<Row>(
    text: string,
    options: { readonly delimiter?: string; readonly skipEmptyLines?: boolean | 'greedy' },
  ): {
    readonly data: Row[];
    readonly errors: { readonly message: string; readonly code: string; readonly row?: number }[];
  };
  unparse(
    table: { readonly fields: readonly string[]; readonly data: readonly (readonly unknown[])[] },
    options: { readonly quotes: (value: unknown) => boolean },
  ): string;
};

export { Papa as default };
