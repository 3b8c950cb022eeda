/**
 * The part of liquidjs that we use, as of 10.30. It is typed here because the package's own types pull in all of
 * Node's globals, and because the browser build is used everywhere: the same code in every runtime, without a file system.
 */
declare module 'liquidjs/dist/liquid.browser.mjs' {
  export interface Token {
    readonly input: string;
    readonly begin: number;
    readonly end: number;
    readonly file?: string;
    /** Of outputs and tags: what stands between the delimiters. */
    readonly content?: string;
    getPosition(): [line: number, column: number];
  }

  export interface LiquidTemplate {
    readonly token: Token;
    render(context: Context, emitter: Emitter): unknown;
  }

  export interface Emitter {
    readonly buffer: string;
    write(value: unknown): void;
  }

  export interface Limiter {
    use(count: number): void;
    check(count: number): void;
  }

  export interface RenderOptions {
    readonly sync?: boolean;
    readonly strictVariables?: boolean;
    readonly ownPropertyOnly?: boolean;
  }

  export class Context {
    breakCalled: boolean;
    continueCalled: boolean;
    readonly renderLimit: Limiter;
    readonly memoryLimit: Limiter;
    readonly environments: object;
    readonly opts: object;
    readonly strictVariables: boolean;
    readonly liquid?: Liquid;
    constructor(
      environment: object,
      options: object,
      renderOptions: RenderOptions,
      shared: { readonly memoryLimit: Limiter; readonly renderLimit: Limiter; readonly liquid?: Liquid | undefined },
    );
    findScope(name: string): object;
    readProperty(object: unknown, key: unknown): unknown;
    spawn(scope?: object): Context;
  }

  export interface Variable {
    readonly segments: readonly (string | number | Variable)[];
    readonly location: { readonly row: number; readonly col: number };
  }

  export interface LiquidOptions {
    readonly ownPropertyOnly: boolean;
    readonly strictFilters: boolean;
    readonly strictVariables?: boolean;
    readonly relativeReference: boolean;
    readonly parseLimit: number;
    readonly fs: object;
  }

  export class Liquid {
    readonly options: object;
    readonly filters: Record<string, unknown>;
    readonly tags: Record<string, unknown>;
    readonly renderer: {
      renderTemplates: (templates: readonly LiquidTemplate[], context: Context, emitter?: Emitter) => Generator;
    };
    constructor(options?: LiquidOptions);
    parse(source: string, name?: string): LiquidTemplate[];
    renderSync(templates: readonly LiquidTemplate[], context: Context): unknown;
    analyzeSync(
      templates: readonly LiquidTemplate[],
      options: { readonly partials: boolean },
    ): { readonly globals: Readonly<Record<string, readonly Variable[]>> };
  }

  export class RenderError extends Error {
    constructor(cause: unknown, template: LiquidTemplate);
  }

  export const LiquidError: {
    is(thrown: unknown): thrown is Error & { readonly token: Token; readonly originalError?: Error };
  };
}
