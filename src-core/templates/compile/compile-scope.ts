import type { Frame, Slot } from '../runtime/execution/frame.ts';
import { pending } from '../runtime/execution/frame.ts';
import type { Value } from '../runtime/values.ts';
import { FunctionSlots, Symbols, type Variable } from '../syntax/symbols.ts';
import type { ProgramBuilder } from './program.ts';

/** Computes a value in a frame. */
export type Evaluate = (frame: Frame) => Value;
/** Runs a statement; tells how it ended. */
export type Execute = (frame: Frame) => Signal;
export const normal = 0;
export const broke = 1;
export const continued = 2;
export type Signal = typeof normal | typeof broke | typeof continued;

/** Where code is being compiled. */
export interface Scope {
  readonly builder: ProgramBuilder;
  readonly symbols: Symbols;
  /** The slots of the functions from the innermost to the outermost. */
  readonly functions: readonly FunctionSlots[];
  /** At the top level of the template, where `set` exports. */
  readonly isTop: boolean;
  /** At the top level and in no `if`. */
  readonly isRoot: boolean;
  /** Inside an `if` or a condition, where an unknown filter fails only when it is reached. */
  readonly isSoft: boolean;
  /** Whether output here is dropped once `extends` has run. */
  readonly checksParent: boolean;
  /** Inside an `autoescape` statement. */
  readonly mayEscape: boolean;
  /** Inside an output that is constant as a whole, which Jinja computes while it compiles. */
  readonly isConstant: boolean;
}

/** A scope inside another; with `functions`, in a function of its own whose slots come first there. */
export function innerScope(
  scope: Scope,
  changes: Partial<Pick<Scope, 'checksParent' | 'mayEscape' | 'functions'>> = {},
): Scope {
  const functions = changes.functions ?? scope.functions;
  return {
    ...scope,
    ...changes,
    symbols: new Symbols(scope.symbols, functions[0]!),
    isTop: false,
    isRoot: false,
    isSoft: false,
    isConstant: false,
  };
}

/** The functions for a scope with a function of its own. */
export function newFunction(functions: readonly FunctionSlots[]): readonly FunctionSlots[] {
  return [new FunctionSlots(), ...functions];
}

/** Where the variable of a name is, seen from a scope. */
export interface Place {
  readonly hops: number;
  readonly slot: number;
}

export function placeOf(scope: Scope, name: string): Place {
  const variable = scope.symbols.find(name);
  if (variable === null) {
    // The analysis did not visit this name, so it is read from the context.
    scope.symbols.load(name);
    return placeOf(scope, name);
  }
  return placeOfVariable(scope, variable);
}

function placeOfVariable(scope: Scope, variable: Variable): Place {
  return { hops: scope.functions.indexOf(variable.slots), slot: variable.slots.slotOf(variable.id) };
}

export function frameAt(frame: Frame, hops: number): Frame {
  let owner = frame;
  for (let hop = 0; hop < hops; hop += 1) owner = owner.parent!;
  return owner;
}

/** Code that gives the variables of a scope their first values. */
export function compileEntry(scope: Scope): (frame: Frame) => void {
  const entries = scope.symbols.entries().filter(({ load }) => load.kind !== 'parameter');
  const actions = entries.map(({ variable, load }) => {
    const slot = variable.slots.slotOf(variable.id);
    if (load.kind !== 'alias') return { slot, value: load.kind === 'resolve' ? pending : undefined, from: null };
    return { slot, value: undefined, from: placeOfVariable(scope, load.of) };
  });
  if (actions.length === 0) return () => {};
  return (frame) => {
    if (actions.length > 8) frame.runtime.spend(actions.length >> 3);
    for (const { slot, value, from } of actions) {
      frame.slots[slot] = from === null ? (value as Slot) : frameAt(frame, from.hops).slots[from.slot];
    }
  };
}

/** Code that lists the variables that are set around a place, for templates that are included there. */
export function compileLocals(scope: Scope): (frame: Frame) => ReadonlyMap<string, Value> {
  let places = knownLocals.get(scope.symbols);
  if (places === undefined) {
    places = scope.symbols
      .visibleStores()
      .map((variable) => ({ name: variable.name, ...placeOfVariable(scope, variable) }));
    knownLocals.set(scope.symbols, places);
  }
  const all = places;
  return (frame) => {
    frame.runtime.spend(all.length >> 1);
    const locals = new Map<string, Value>();
    for (const { name, hops, slot } of all) {
      const value = frameAt(frame, hops).slots[slot];
      if (value !== undefined && value !== pending) locals.set(name, value as Value);
    }
    return locals;
  };
}

/** The places of a scope's variables, which are the same for all includes in it. */
const knownLocals = new WeakMap<Symbols, readonly (Place & { readonly name: string })[]>();
