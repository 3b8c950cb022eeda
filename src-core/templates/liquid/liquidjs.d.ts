/**
 * The part of liquidjs that we use, as of 10.30. It is typed here because the package's own types pull in all of
 * Node's globals, and because the browser build is used everywhere: the same code in every runtime, without a file system.
 */
declare module 'liquidjs/dist/liquid.browser.mjs' {
  export class Token {
    readonly kind: number;
    readonly input: string;
    readonly begin: number;
    readonly end: number;
    readonly file?: string;
    getPosition(): [line: number, column: number];
    getText(): string;
  }

  export const TokenKind: {
    readonly Number: number;
    readonly PropertyAccess: number;
    readonly Range: number;
    readonly FilteredValue: number;
    readonly Tag: number;
    readonly HTML: number;
  };

  /** `content` is there for numbers, names and quoted texts. */
  export interface ValueToken extends Token {
    readonly content?: unknown;
  }

  export interface PropertyAccessToken extends Token {
    /** What the path starts from when that is no name, as in `"text".size`. */
    readonly variable?: ValueToken;
    readonly props: readonly ValueToken[];
  }

  export interface RangeToken extends Token {
    readonly lhs: ValueToken;
    readonly rhs: ValueToken;
  }

  export type FilterArgument = ValueToken | readonly [name: string, value: ValueToken];

  export interface FilterToken extends Token {
    readonly name: string;
    readonly args: readonly FilterArgument[];
  }

  /** The value of a tag or filter argument, with its own filters. */
  export interface FilteredValueToken extends Token {
    readonly initial: Expression;
    readonly filters: readonly FilterToken[];
  }

  export class TagToken extends Token {
    readonly name: string;
    readonly args: string;
    constructor(input: string, begin: number, end: number, options: object, file?: string);
  }

  export class Tokenizer {
    readonly input: string;
    readonly file?: string;
    /** Where the next token begins. */
    p: number;
    /** Where the source ends. */
    N: number;
    /** Where the `raw` began that is being read; -1 when there is none. */
    rawBeginAt: number;
    constructor(input: string, operators: object, file?: string);
    readTopLevelTokens(options: object): Token[];
    readTagToken(options: object): Token;
    readHTMLToken(stops: readonly string[]): Token;
    readEndrawOrRawContent(options: object): Token;
    error(message: string, at?: number): Error;
  }

  export interface Expression {
    /** Operands and operators. */
    readonly postfix: readonly ValueToken[];
  }

  export class Value {
    readonly initial: Expression;
    readonly filters: readonly { readonly name: string; readonly args: readonly FilterArgument[] }[];
    value(context: Context, lenient?: boolean): Generator;
  }

  /** A text, an output or a tag. */
  export interface LiquidNode {
    readonly token: Token;
    /** Of tags only. */
    readonly name?: string;
    /** Of outputs, `echo` and `assign`. */
    readonly value?: Value;
    /** Of texts. */
    readonly str?: string;
    /** The bodies of blocks. */
    readonly branches?: readonly { readonly templates: LiquidNode[]; readonly values?: readonly unknown[] }[];
    readonly templates?: LiquidNode[];
    readonly elseTemplates?: LiquidNode[];
    render(context: Context, emitter: Emitter): unknown;
    arguments?(): Iterable<Value | ValueToken | undefined>;
    children?(partials: boolean, sync: boolean): Generator<unknown, readonly LiquidNode[]>;
    blockScope?(): Iterable<string>;
    localScope?(): Iterable<ValueToken>;
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

  type Scope = Record<string, unknown>;

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
    findScope(name: string): Scope;
    readProperty(object: unknown, key: unknown): unknown;
    spawn(scope?: object): Context;
    push(scope: object): number;
    pop(): object | undefined;
    bottom(): Scope;
    getRegister<Value>(key: string, usual?: Value): Value;
    setRegister(key: string, value: unknown): void;
    saveRegister(...keys: string[]): [string, unknown][];
    restoreRegister(saved: [string, unknown][]): void;
  }

  export interface LiquidOptions {
    readonly ownPropertyOnly: boolean;
    readonly strictFilters: boolean;
    readonly lenientIf: boolean;
    readonly relativeReference: boolean;
    readonly timezoneOffset: number;
    readonly preserveTimezones: boolean;
    readonly locale: string;
    readonly operators: Readonly<Record<string, unknown>>;
    readonly fs: object;
  }

  export class Liquid {
    readonly options: { readonly operators: object };
    readonly filters: Record<string, unknown>;
    readonly tags: Record<string, unknown>;
    readonly renderer: {
      renderTemplates: (nodes: readonly LiquidNode[], context: Context, emitter?: Emitter) => Generator;
    };
    /** liquidjs asks these for included templates. */
    _parsePartialFile: (name: string) => Iterable<unknown>;
    _parseLayoutFile: (name: string) => Iterable<unknown>;
    constructor(options?: LiquidOptions);
    renderSync(nodes: readonly LiquidNode[], context: Context): unknown;
  }

  /** What liquidjs asks of the tokens that are still to be parsed. */
  export interface TokenSource {
    readonly length: number;
    shift(): Token | undefined;
  }

  export class Parser {
    readonly liquid: Liquid;
    constructor(liquid: Liquid);
    parse(source: string, name?: string): LiquidNode[];
    parseTokens(tokens: TokenSource): LiquidNode[];
    parseToken(token: Token, rest: TokenSource): LiquidNode;
  }

  export abstract class Tag implements LiquidNode {
    readonly token: TagToken;
    readonly name: string;
    readonly liquid: Liquid;
    constructor(token: TagToken, rest: TokenSource, liquid: Liquid, parser: Parser);
    abstract render(context: Context, emitter: Emitter): unknown;
  }

  export class Hash {
    readonly hash: Readonly<Record<string, ValueToken | undefined>>;
    render(context: Context): Generator<unknown, Scope>;
  }

  /** A name, null for none; nodes when the quoted name has outputs in it; else the value that is the name. */
  export type TemplateName = string | undefined | readonly LiquidNode[] | ValueToken;

  interface Binding {
    readonly value: ValueToken;
    readonly alias?: string;
  }

  export class RenderTag extends Tag {
    readonly file: TemplateName;
    readonly hash: Hash;
    readonly with?: Binding;
    readonly forBinding?: Binding;
    render(context: Context, emitter: Emitter): Generator;
    arguments(): Iterable<ValueToken>;
  }

  export class LayoutTag extends Tag {
    readonly file: TemplateName;
    readonly args: Hash;
    render(context: Context, emitter: Emitter): Generator;
  }

  export class AssignTag extends Tag {
    readonly key: string;
    readonly value: Value;
    render(context: Context): Generator;
  }

  /** `for` and `tablerow`. */
  export class ForTag extends Tag {
    readonly variable: string;
    readonly collection: ValueToken;
    readonly elseTemplates: LiquidNode[];
    render(context: Context, emitter: Emitter): Generator;
  }

  export class Drop {
    valueOf(): unknown;
  }

  export class RenderError extends Error {
    constructor(cause: unknown, node: LiquidNode);
  }

  export const LiquidError: {
    is(thrown: unknown): thrown is Error & { readonly token: Token; readonly originalError?: Error };
  };

  export const defaultOperators: Readonly<Record<string, unknown>>;
  export const filters: Readonly<Record<string, (this: FilterCall, ...args: unknown[]) => unknown>>;

  /** What a filter is called with as `this`. */
  export interface FilterCall {
    readonly context: Context;
    readonly token: FilterToken;
    readonly liquid: Liquid;
  }

  export function evalToken(token: ValueToken | undefined, context: Context): Generator<unknown, unknown>;
  export function toValue(value: unknown): unknown;
  export function toValueSync<Result>(generator: Generator<unknown, Result> | Result): Result;
}
