import type { Builder } from '../../compile/builder.ts';
import type { Value } from '../../runtime/values.ts';
import type { Body } from '../../syntax/nodes.ts';
import { nothing } from '../meaning/meaning.ts';
import { type Activation, Frame } from './frame.ts';

/** Computes a value. */
export type Evaluate = (at: Activation) => Value;
/** Runs a statement. */
export type Execute = (at: Activation) => void;

/** The slots of one root, block or macro. */
export interface FunctionSlots {
  size: number;
}

/** Names that are resolved while compiling, as in nunjucks' compiler. */
export interface Scope {
  readonly builder: Builder;
  /** Slots of the names by name, innermost scope first. */
  readonly names: Map<string, number>;
  readonly outer: Scope | null;
  readonly slots: FunctionSlots;
  /** In the root of a template, as opposed to its blocks and macros. */
  readonly isRoot: boolean;
  /** In a block: other blocks are rendered where they stand. */
  readonly isBlock: boolean;
  /** Outside of loops, where macros and imports belong to the template. */
  readonly isOutermost: boolean;
  /** Inside an `if` or a condition, where an unknown filter fails only when it is reached. */
  readonly isSoft: boolean;
}

export function newScope(builder: Builder, changes: Partial<Scope>): Scope {
  return {
    builder,
    names: new Map(),
    outer: null,
    slots: { size: 0 },
    isRoot: false,
    isBlock: false,
    isOutermost: true,
    isSoft: false,
    ...changes,
  };
}

/** A loop's scope, in the same function. */
export function loopScope(outer: Scope): Scope {
  return { ...outer, names: new Map(), outer, isOutermost: false };
}

/** Declares a name and gives it a slot. */
export function declare(scope: Scope, name: string): number {
  const slot = scope.slots.size;
  scope.slots.size += 1;
  scope.names.set(name, slot);
  return slot;
}

export interface Place {
  /** How many functions out. */
  readonly hops: number;
  readonly slot: number;
}

/** Where a name with a known meaning is; null for one that is looked up while rendering. */
export function placeOf(scope: Scope, name: string): Place | null {
  let hops = 0;
  for (let current: Scope | null = scope; current !== null; current = current.outer) {
    const slot = current.names.get(name);
    if (slot !== undefined) return { hops, slot };
    if (current.outer !== null && current.outer.slots !== current.slots) hops += 1;
  }
  return null;
}

export function activationAt(at: Activation, hops: number): Activation {
  let owner = at;
  for (let hop = 0; hop < hops; hop += 1) owner = owner.outer!;
  return owner;
}

/** The slots of a call; what is not set yet is undefined. */
export function makeSlots(slots: FunctionSlots): Value[] {
  return new Array<Value>(slots.size).fill(nothing);
}

/** A name of `loop`'s frame, or of the template. */
export function lookUp(at: Activation, name: string): Value | undefined {
  const value = at.frames.current.lookUp(name);
  return value === undefined ? at.context.resolve(name) : value;
}

/** Runs `body` in a frame inside the one now. */
export function inFrame(at: Activation, run: () => void): void {
  const outer = at.frames.current;
  at.frames.current = new Frame(outer, false, false);
  run();
  at.frames.current = outer;
}

export type CompileBody = (body: Body, scope: Scope) => Execute;
