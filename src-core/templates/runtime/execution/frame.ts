import type { Frame as NunjucksFrame } from '../../nunjucks/compile/frame.ts';
import { Undefined, type Value } from '../values.ts';
import type { Runtime } from './runtime.ts';

/** A variable whose name is looked up in the context when it is first read. */
export const pending = Symbol('pending');
/** What a slot holds: a value, `undefined` for a variable that is not set, or `pending`. */
export type Slot = Value | undefined | typeof pending;

/** A block as one template defines it. */
export interface BlockCode {
  readonly name: string;
  /** Nunjucks gives a block the variables around it. */
  readonly render: (runtime: Runtime, context: Context, around?: NunjucksFrame) => void;
}

/** Where names come from that a template does not set itself. */
export interface NameSource {
  get(name: string): Value | undefined;
}

/** What the parts of one rendered template share: names, exports and blocks. */
export class Context {
  readonly outer: NameSource;
  /** What the template set at its top level. */
  readonly vars = new Map<string, Value>();
  readonly exported = new Set<string>();
  /** The definitions of each block, the most derived first. */
  readonly blocks: Map<string, BlockCode[]>;
  readonly name: string | null;

  constructor(name: string | null, outer: NameSource, blocks: Map<string, BlockCode[]>) {
    this.name = name;
    this.outer = outer;
    this.blocks = blocks;
  }

  resolve(name: string): Value | undefined {
    const own = this.vars.get(name);
    return own === undefined ? this.outer.get(name) : own;
  }

  /** The names of this context as they are now, with `locals` before them. */
  snapshot(runtime: Runtime, locals: ReadonlyMap<string, Value>): NameSource {
    runtime.spend(this.vars.size >> 1);
    const vars = this.vars.size === 0 ? null : new Map(this.vars);
    const { outer } = this;
    return {
      get(name) {
        const local = locals.get(name);
        if (local !== undefined) return local;
        const own = vars?.get(name);
        return own === undefined ? outer.get(name) : own;
      },
    };
  }

  /** Adds the blocks of a template that this one extends, behind those that replace them. */
  extend(runtime: Runtime, parent: ReadonlyMap<string, BlockCode>): void {
    runtime.spend(parent.size);
    for (const [name, code] of parent) {
      const codes = this.blocks.get(name);
      if (codes === undefined) this.blocks.set(name, [code]);
      else codes.push(code);
    }
  }

  /** A context for a scoped block: the same blocks, and the variables around it. */
  derive(runtime: Runtime, locals: ReadonlyMap<string, Value>): Context {
    runtime.spend(this.blocks.size);
    const blocks = new Map([...this.blocks].map(([name, codes]) => [name, codes.slice()] as const));
    return new Context(this.name, this.snapshot(runtime, locals), blocks);
  }
}

/** The variables of one call of a function. */
export class Frame {
  readonly slots: Slot[];
  /** The frame of the function around, for a macro, caller or recursive loop. */
  readonly parent: Frame | null;
  readonly runtime: Runtime;
  readonly context: Context;
  /** The frame of the template's top level, which knows the parent template once `extends` has run. */
  readonly root: Frame;
  parentTemplate: ((runtime: Runtime, context: Context) => void) | null = null;

  constructor(runtime: Runtime, context: Context, parent: Frame | null, size: number) {
    this.runtime = runtime;
    this.context = context;
    this.parent = parent;
    this.root = parent === null ? this : parent.root;
    if (size > 8) runtime.spend(size >> 3);
    this.slots = new Array<Slot>(size).fill(undefined);
  }
}

/** Reads a variable: `hops` functions out, slot `slot`. */
export function readSlot(frame: Frame, hops: number, slot: number, name: string): Value {
  let owner = frame;
  for (let hop = 0; hop < hops; hop += 1) owner = owner.parent!;
  let value = owner.slots[slot];
  if (value === pending) {
    value = owner.context.resolve(name);
    owner.slots[slot] = value;
  }
  return value === undefined ? undefinedName(name) : (value as Value);
}

export function undefinedName(name: string): Undefined {
  return new Undefined(`"${name}" is undefined.`);
}
