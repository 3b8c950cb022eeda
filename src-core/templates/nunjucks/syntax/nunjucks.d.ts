/** The part of nunjucks 3.2.4 that we use: its lexer and parser. Its compiler, runtime and environment are never loaded. */
declare module 'nunjucks/src/lexer.js' {
  interface Tokenizer {
    readonly index: number;
    readonly in_code: boolean;
    readonly tags: Readonly<Record<string, string>>;
    nextToken(): import('./token-source.ts').LexerToken | null;
    forwardN(count: number): void;
  }
  const lexer: {
    readonly lex: (
      source: string,
      options: { readonly trimBlocks?: boolean; readonly lstripBlocks?: boolean },
    ) => Tokenizer;
  };
  export = lexer;
}

declare module 'nunjucks/src/parser.js' {
  const parser: {
    readonly Parser: new (tokens: object) => { parseAsRoot(): import('./tree.ts').Tree };
  };
  export = parser;
}
