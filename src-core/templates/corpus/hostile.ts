import { parseTemplate, renderTemplate } from '../engine.ts';
import { type Inputs, type ParseOptions, type RenderOptions, TemplateError } from '../runtime/types.ts';

/** The result of a hostile template: text or a TemplateError; any other error is thrown. */
export type Outcome =
  | { readonly kind: 'output'; readonly output: string }
  | { readonly kind: 'error'; readonly error: TemplateError };

/** Parses and renders `source` as the product would. */
export function runHostile(
  source: string,
  inputs: Inputs = {},
  options: RenderOptions & Pick<ParseOptions, 'syntax'> = {},
): Outcome {
  const { template, problems } = parseTemplate(source, options.syntax === undefined ? {} : { syntax: options.syntax });
  const first = problems.find(({ severity }) => severity === 'error');
  if (template === null && first !== undefined) return { kind: 'error', error: new TemplateError(first) };
  if (template === null) throw new Error('A template without an error was not parsed.');
  try {
    return { kind: 'output', output: renderTemplate(template, inputs, options).output };
  } catch (thrown) {
    if (thrown instanceof TemplateError) return { kind: 'error', error: thrown };
    throw thrown;
  }
}

/**
 * What `run` gave, and how long it took: by the clock, or by this process's own share of the processor where other
 * processes kept it waiting.
 */
export function timed<Result>(run: () => Result): { readonly outcome: Result; readonly milliseconds: number } {
  const start = performance.now();
  const startCpu = process.cpuUsage();
  const outcome = run();
  const { user, system } = process.cpuUsage(startCpu);
  return { outcome, milliseconds: Math.min(performance.now() - start, (user + system) / 1000) };
}

/** A loader over fixed sources. */
export function loaderOf(sources: Readonly<Record<string, string>>) {
  return { load: (name: string) => (Object.hasOwn(sources, name) ? { source: sources[name] ?? '' } : null) };
}

const builtIns = [
  ...[
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    Map,
    Set,
    WeakMap,
    RegExp,
    Date,
    Error,
    Promise,
  ],
  ...[WeakSet, ArrayBuffer, Uint8Array],
];

const intrinsics: readonly object[] = [
  ...[globalThis, Proxy, JSON, Math, Reflect],
  ...builtIns,
  ...builtIns.map((builtIn) => builtIn.prototype as object),
];

/** Every own property of the global object and the built-in objects, with its value or accessors. */
export function snapshotGlobals(): readonly string[] {
  return intrinsics.map(describeOwn);
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** A primitive as text; an object or function as a number that stays its own. */
function identify(value: unknown): string {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return String(value);
  const known = numbers.get(value);
  if (known !== undefined) return `#${known}`;
  lastNumber += 1;
  numbers.set(value, lastNumber);
  return `#${lastNumber}`;
}

function describeOwn(object: object): string {
  // Node and the test runner add symbols of their own to the global object at any time.
  const keys = Reflect.ownKeys(object).filter((key) => object !== globalThis || typeof key === 'string');
  const lines = keys.map((key) => {
    const { value, get, set } = Object.getOwnPropertyDescriptor(object, key) ?? {};
    return `${String(key)}: ${identify(value)} ${identify(get)} ${identify(set)}`;
  });
  return [identify(Object.getPrototypeOf(object)), ...lines].join('\n');
}
