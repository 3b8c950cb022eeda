import { Failure, typeFailure } from '../runtime/diagnostics.ts';
import { type Frame, readSlot } from '../runtime/execution/frame.ts';
import { itemsOf } from '../runtime/sequences.ts';
import { Instance, type Value } from '../runtime/values.ts';
import type { Target } from '../syntax/nodes.ts';
import { frameAt, placeOf, type Scope } from './compile-scope.ts';

/** Gives a value to what a `set`, `for` or `with` names. */
export type Assign = (frame: Frame, value: Value) => void;

/** With `exports`, names are also visible to other templates, as at the top level. */
export function compileTarget(target: Target, scope: Scope, exports: boolean): Assign {
  switch (target.kind) {
    case 'name':
      return compileNameTarget(target.name, scope, exports);
    case 'namespace':
      return compileNamespaceTarget(target.name, target.attribute, scope);
    case 'targets': {
      const assigns = target.items.map((item) => compileTarget(item, scope, exports));
      return (frame, value) => unpack(frame, value, assigns);
    }
  }
}

function compileNameTarget(name: string, scope: Scope, exports: boolean): Assign {
  const { hops, slot } = placeOf(scope, name);
  if (!exports) {
    return (frame, value) => {
      frameAt(frame, hops).slots[slot] = value;
    };
  }
  return (frame, value) => {
    frameAt(frame, hops).slots[slot] = value;
    exportName(frame, name, value);
  };
}

/** Makes a top-level name visible to blocks, parents and importing templates. */
export function exportName(frame: Frame, name: string, value: Value): void {
  frame.context.vars.set(name, value);
  if (!name.startsWith('_')) frame.context.exported.add(name);
}

function compileNamespaceTarget(name: string, attribute: string, scope: Scope): Assign {
  const { hops, slot } = placeOf(scope, name);
  return (frame, value) => {
    const owner = readSlot(frame, hops, slot, name);
    if (!(owner instanceof Instance) || owner.variables === null) {
      throw new Failure(
        'type',
        `"${name}" is not a namespace, so "${name}.${attribute}" cannot be set.`,
        `Write {% set ${name} = namespace() %} before.`,
      );
    }
    if (owner.variables.size >= frame.runtime.limits.list) throw frame.runtime.exceeded('list');
    owner.variables.set(attribute, value);
  };
}

function unpack(frame: Frame, value: Value, assigns: readonly Assign[]): void {
  const items = itemsOf(frame.runtime, value);
  if (items.length !== assigns.length) {
    throw typeFailure(`${assigns.length} names cannot take ${items.length} values.`);
  }
  assigns.forEach((assign, index) => {
    assign(frame, items[index]!);
  });
}
