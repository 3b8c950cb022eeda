import type { Runtime } from './execution/runtime.ts';

/**
 * A value of a template. Python's `int` is a whole JavaScript number, or a bigint beyond 2^53; its `float` is a number
 * with a fraction (or nan, inf), or a `Float` when it is whole; `list` is an array, everything else is a class here. No
 * value holds a host object, and templates cannot read prototypes.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Value[]
  | Float
  | Markup
  | Tuple
  | Dict
  | DictView
  | Range
  | Generator
  | Undefined
  | Callable
  | Instance;

/** A float whose value is whole, as in `1.0`. */
export class Float {
  readonly kind = 'float';
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Text that counts as escaped HTML (`safe`, `escape`, `tojson`). */
export class Markup {
  readonly kind = 'markup';
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class Tuple {
  readonly kind = 'tuple';
  readonly items: readonly Value[];
  /** Attribute names of the items of a named tuple. */
  readonly names: readonly string[];
  constructor(items: readonly Value[], names: readonly string[] = []) {
    this.items = items;
    this.names = names;
  }
}

/** What a dict key is stored under: equal Python keys have equal hashed keys. */
export type HashedKey = string | number | bigint | null;

/** A dict in insertion order. */
export class Dict {
  readonly kind = 'dict';
  private entries: Map<HashedKey, Value> | null;
  /** Builds the entries on first use, because most input data is never read. */
  private makeEntries: (() => Map<HashedKey, Value>) | null;
  /** The keys whose hashed form is not the key itself. */
  originals: Map<HashedKey, Value> | null = null;

  constructor(makeEntries: (() => Map<HashedKey, Value>) | null = null) {
    this.entries = makeEntries === null ? new Map() : null;
    this.makeEntries = makeEntries;
  }

  get map(): Map<HashedKey, Value> {
    if (this.entries !== null) return this.entries;
    const made = this.makeEntries?.() ?? new Map<HashedKey, Value>();
    this.entries = made;
    this.makeEntries = null;
    return made;
  }

  /** Sets a string key that does not start with NUL, which is nearly every key. */
  setPlain(key: string, value: Value): void {
    this.map.set(key, value);
  }

  keyOf(hashed: HashedKey): Value {
    const original = this.originals?.get(hashed);
    if (original !== undefined) return original;
    // A key that begins with NUL is stored with a mark, see `hashKey`.
    return typeof hashed === 'string' && hashed.startsWith('\0s') ? hashed.slice(2) : hashed;
  }
}

export class DictView {
  readonly kind = 'dict-view';
  readonly dict: Dict;
  readonly shows: 'keys' | 'values' | 'items';
  constructor(dict: Dict, shows: 'keys' | 'values' | 'items') {
    this.dict = dict;
    this.shows = shows;
  }
}

export class Range {
  readonly kind = 'range';
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }
}

/** Something that can be walked once, as the filters `map` and `select` return. */
export class Generator {
  readonly kind = 'generator';
  readonly name: string;
  readonly items: Iterator<Value, unknown>;
  constructor(name: string, items: Iterator<Value, unknown>) {
    this.name = name;
    this.items = items;
  }
}

/** A missing value, and why it is missing. */
export class Undefined {
  readonly kind = 'undefined';
  /** The sentence that any use of it fails with. */
  readonly reason: string;
  /** Prints nothing and is false even in strict mode, as the missing `else` of an inline `if`. */
  readonly isLenient: boolean;
  constructor(reason: string, isLenient = false) {
    this.reason = reason;
    this.isLenient = isLenient;
  }
}

/** Keyword arguments by name; null when there are none. */
export type Named = ReadonlyMap<string, Value> | null;

/** A function that a template may call: one of ours, a bound method, a macro or a block. */
export class Callable {
  readonly kind = 'callable';
  readonly call: (runtime: Runtime, args: Value[], named: Named) => Value;
  /** How it prints. */
  readonly text: string;
  readonly attributes: ReadonlyMap<string, Value>;
  constructor(
    text: string,
    call: (runtime: Runtime, args: Value[], named: Named) => Value,
    attributes: ReadonlyMap<string, Value> = noAttributes,
  ) {
    this.text = text;
    this.call = call;
    this.attributes = attributes;
  }
}

const noAttributes: ReadonlyMap<string, Value> = new Map();

/** An object with attributes: a loop, namespace, cycler, joiner, module, `self` or block reference. */
export class Instance {
  readonly kind = 'instance';
  readonly type: 'loop' | 'namespace' | 'cycler' | 'joiner' | 'module' | 'self' | 'block' | 'regex';
  /** The attribute, or undefined when there is none of that name. */
  readonly attribute: (name: string, runtime: Runtime) => Value | undefined;
  readonly print: (runtime: Runtime) => string;
  /** How it prints inside a list; null where that is the same. */
  readonly repr: string | null;
  readonly call: ((runtime: Runtime, args: Value[], named: Named) => Value) | null;
  /** What `namespace` holds; null for the others. */
  readonly variables: Map<string, Value> | null;
  /** The number of turns, for a loop. */
  readonly length: (() => number) | null;

  constructor(parts: {
    type: Instance['type'];
    attribute: Instance['attribute'];
    print: Instance['print'];
    repr?: string;
    call?: Instance['call'];
    variables?: Map<string, Value>;
    length?: () => number;
  }) {
    this.type = parts.type;
    this.attribute = parts.attribute;
    this.print = parts.print;
    this.repr = parts.repr ?? null;
    this.call = parts.call ?? null;
    this.variables = parts.variables ?? null;
    this.length = parts.length ?? null;
  }
}

export function makeFloat(value: number): Value {
  return Number.isInteger(value) ? new Float(value) : value;
}

export function makeInteger(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** A Python bool counts as the integer 0 or 1. */
export function isInteger(value: Value): value is number | bigint | boolean {
  return typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint' || typeof value === 'boolean';
}

export function isFloat(value: Value): value is number | Float {
  return typeof value === 'number' ? !Number.isInteger(value) : value instanceof Float;
}

export function isNumber(value: Value): value is number | bigint | boolean | Float {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Float;
}

/** The text of a string, escaped or not; null for anything else. */
export function textOf(value: Value): string | null {
  if (typeof value === 'string') return value;
  return value instanceof Markup ? value.text : null;
}

/** What Python calls the type of a value. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (Array.isArray(value)) return 'list';
  switch (value.kind) {
    case 'float':
      return 'float';
    case 'markup':
      return 'Markup';
    case 'tuple':
      return 'tuple';
    case 'dict':
      return 'dict';
    case 'dict-view':
      return `dict_${value.shows}`;
    case 'range':
      return 'range';
    case 'generator':
      return 'generator';
    case 'undefined':
      return 'Undefined';
    case 'callable':
      return 'function';
    case 'instance':
      return instanceNames[value.type];
  }
}

const instanceNames: Readonly<Record<Instance['type'], string>> = {
  loop: 'LoopContext',
  namespace: 'Namespace',
  cycler: 'Cycler',
  joiner: 'Joiner',
  module: 'TemplateModule',
  self: 'TemplateReference',
  block: 'BlockReference',
  regex: 'RegExp',
};
