import { canonicalInputName } from '../../contract/input-name.ts';
import type { Json } from '../../contract/shared.ts';
import type { LimitName, Limits } from '../runtime/limits.ts';
import type { Inputs } from '../runtime/types.ts';

/** A limit was exceeded; becomes a TemplateError where the position is known. */
export class LimitExceeded extends Error {
  readonly limit: LimitName;

  constructor(limit: LimitName) {
    super(limit);
    this.limit = limit;
  }
}

/** The inputs as liquidjs may see them, and which of them it has read. */
export interface InputScope {
  readonly scope: object;
  readonly used: ReadonlySet<string>;
}

/** An object whose members are copied as plain data, without prototypes, when a template first reads them. */
export function inputScope(inputs: Inputs, limits: Limits): InputScope {
  const used = new Set<string>();
  const copies = Object.create(null) as Record<string, unknown>;
  const seen = new Set<string>();
  const materialize = (name: PropertyKey) => {
    if (typeof name !== 'string' || seen.has(name)) return;
    const input = Object.hasOwn(inputs, name) ? name : canonicalInputName(name);
    if (!Object.hasOwn(inputs, input)) return;
    seen.add(name);
    used.add(input);
    Object.defineProperty(copies, name, {
      value: copyData(inputs[input], limits, 0),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };
  const scope = new Proxy(copies, {
    has: (target, name) => {
      materialize(name);
      return Reflect.has(target, name);
    },
    get: (target, name) => {
      materialize(name);
      return Reflect.get(target, name);
    },
    getOwnPropertyDescriptor: (target, name) => {
      materialize(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
  return { scope, used };
}

function copyData(value: Json | undefined, limits: Limits, depth: number): unknown {
  if (depth > limits.dataDepth) throw new LimitExceeded('dataDepth');
  if (typeof value === 'string' && value.length > limits.string) throw new LimitExceeded('string');
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) {
    if (value.length > limits.list) throw new LimitExceeded('list');
    return value.map((item) => copyData(item, limits, depth + 1));
  }
  const keys = Object.keys(value);
  if (keys.length > limits.list) throw new LimitExceeded('list');
  const copy = Object.create(dataPrototype) as Record<string, unknown>;
  for (const key of keys) {
    // Assigning would call the setter of a key named __proto__ if there were one; defining never does.
    Object.defineProperty(copy, key, { value: copyData(value[key], limits, depth + 1), enumerable: true });
  }
  return copy;
}

/** The prototype of copied data: it prints as JSON. Its members have symbols as keys, which no template can write. */
const dataPrototype: object = Object.freeze(
  Object.create(null, {
    [Symbol.toPrimitive]: {
      value(this: unknown): string {
        return JSON.stringify(this);
      },
    },
  }),
);

/** Whether a value is an object of the inputs. */
export function isData(value: object): boolean {
  return Object.getPrototypeOf(value) === dataPrototype;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
