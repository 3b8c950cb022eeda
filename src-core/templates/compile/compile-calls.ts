import { filters } from '../builtins/filters/registry.ts';
import { tests } from '../builtins/filters/tests.ts';
import { findMethod, getAttribute } from '../builtins/methods/access.ts';
import { typeFailure, unknownName } from '../runtime/diagnostics.ts';
import { bindArguments } from '../runtime/execution/arguments.ts';
import { callValue } from '../runtime/execution/calls.ts';
import type { Frame } from '../runtime/execution/frame.ts';
import type { Operation } from '../runtime/execution/operations.ts';
import { itemsOf } from '../runtime/sequences.ts';
import { Dict, type Named, textOf, typeName, type Value } from '../runtime/values.ts';
import { weigh, weighValue } from '../runtime/weigh.ts';
import type { Arguments, CallNode, Expression, FilterNode } from '../syntax/nodes.ts';
import { refuseUnknown } from './builder.ts';
import { compileAll, compileExpression, evaluateAll } from './compile-expressions.ts';
import type { Evaluate, Scope } from './compile-scope.ts';

type NodeOf<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

export interface CompiledArguments {
  readonly positional: (frame: Frame) => Value[];
  readonly named: (frame: Frame) => Named;
}

const noNames = () => null;

export function compileArguments(args: Arguments, scope: Scope): CompiledArguments {
  const positional = compileAll(args.positional, scope);
  const named = args.named.map(({ name, value }) => ({ name, value: compileExpression(value, scope) }));
  const spread = args.spread === null ? null : compileExpression(args.spread, scope);
  const namedSpread = args.namedSpread === null ? null : compileExpression(args.namedSpread, scope);
  return {
    positional:
      spread === null ? (frame) => evaluateAll(positional, frame) : (frame) => withSpread(frame, positional, spread),
    named: named.length === 0 && namedSpread === null ? noNames : (frame) => evaluateNamed(frame, named, namedSpread),
  };
}

function withSpread(frame: Frame, positional: readonly Evaluate[], spread: Evaluate): Value[] {
  const values = evaluateAll(positional, frame);
  const items = itemsOf(frame.runtime, spread(frame));
  frame.runtime.willMakeList(values.length + items.length);
  return values.concat(items);
}

function evaluateNamed(
  frame: Frame,
  named: readonly { readonly name: string; readonly value: Evaluate }[],
  spread: Evaluate | null,
): Named {
  const values = new Map<string, Value>();
  for (const { name, value } of named) values.set(name, value(frame));
  if (spread === null) return values;
  const more = spread(frame);
  if (!(more instanceof Dict)) throw typeFailure(`"**" needs a dict, not ${typeName(more)}.`);
  frame.runtime.spend(more.map.size);
  for (const [hashed, value] of more.map) {
    const name = textOf(more.keyOf(hashed));
    if (name === null) throw typeFailure('The keys after "**" must be str.');
    if (values.has(name)) throw typeFailure(`The argument "${name}" is given twice.`);
    values.set(name, value);
  }
  return values;
}

/** A call; one of a method skips making a bound function first. `caller` is what a `call` statement adds. */
export function compileCall(node: CallNode, scope: Scope, caller?: (frame: Frame) => Value): Evaluate {
  const args = withCaller(compileArguments(node.args, scope), caller);
  const { start } = node;
  if (node.callee.kind === 'attribute') return compileMethodCall(node.callee, args, scope, start);
  const callee = compileExpression(node.callee, scope);
  return (frame) => {
    const target = callee(frame);
    const positional = args.positional(frame);
    const named = args.named(frame);
    frame.runtime.at = start;
    return callValue(frame.runtime, target, positional, named);
  };
}

function withCaller(args: CompiledArguments, caller: ((frame: Frame) => Value) | undefined): CompiledArguments {
  if (caller === undefined) return args;
  return { ...args, named: (frame) => new Map([...(args.named(frame) ?? []), ['caller', caller(frame)] as const]) };
}

function compileMethodCall(node: NodeOf<'attribute'>, args: CompiledArguments, scope: Scope, start: number): Evaluate {
  const object = compileExpression(node.object, scope);
  const { name } = node;
  return (frame) => {
    const owner = object(frame);
    const method = findMethod(owner, name);
    frame.runtime.at = start;
    const target = method === undefined ? getAttribute(frame.runtime, owner, name) : null;
    const positional = args.positional(frame);
    const named = args.named(frame);
    frame.runtime.at = start;
    if (method === undefined) return callValue(frame.runtime, target, positional, named);
    frame.runtime.step();
    weigh(frame.runtime, positional, named);
    return method(frame.runtime, owner, positional, named);
  };
}

/** A filter; `block` computes the text that a filter or set block has instead of an operand. */
export function compileFilter(node: FilterNode, scope: Scope, block: Evaluate | null): Evaluate {
  const operand =
    node.operand === null
      ? block!
      : node.operand.kind === 'filter'
        ? compileFilter(node.operand, scope, block)
        : compileExpression(node.operand, scope);
  return compileOperation('filter', node, scope, operand);
}

type OperationNode = Extract<Expression, { readonly kind: 'filter' | 'test' }>;

/** A filter or test. */
export function compileOperation(
  what: 'filter' | 'test',
  node: OperationNode,
  scope: Scope,
  operand: Evaluate,
): Evaluate {
  const known = what === 'filter' ? filters() : tests;
  const operation = known.get(node.name);
  if (operation === undefined)
    return refuseUnknown(
      unknownName(what, node.name, known.keys()),
      node.named,
      scope,
      ({ runtime }: Frame) => runtime,
    );
  const { start } = node;
  if (operation.kind === 'bound' && node.args.spread === null && node.args.namedSpread === null) {
    return compileBound(operation, node, scope, operand);
  }
  const args = compileArguments(node.args, scope);
  return (frame) => {
    const value = operand(frame);
    const positional = args.positional(frame);
    const named = args.named(frame);
    frame.runtime.at = start;
    frame.runtime.step();
    weighValue(frame.runtime, value);
    weigh(frame.runtime, positional, named);
    if (operation.kind === 'open') return operation.run(frame.runtime, value, positional, named);
    return operation.run(frame.runtime, value, bindArguments(operation.name, operation.params, positional, named));
  };
}

/** A filter or test whose arguments are bound to parameters while compiling. */
function compileBound(
  operation: Extract<Operation, { kind: 'bound' }>,
  node: OperationNode,
  scope: Scope,
  operand: Evaluate,
): Evaluate {
  const { start } = node;
  const args = compileArguments(node.args, scope);
  const fitsExactly = node.args.named.length === 0 && node.args.positional.length <= operation.params.length;
  const missing = operation.params.slice(node.args.positional.length).map(({ usual }) => usual);
  if (!fitsExactly || missing.includes(undefined)) {
    return (frame) => {
      const value = operand(frame);
      const positional = args.positional(frame);
      const named = args.named(frame);
      frame.runtime.at = start;
      frame.runtime.step();
      weighValue(frame.runtime, value);
      weigh(frame.runtime, positional, named);
      return operation.run(frame.runtime, value, bindArguments(operation.name, operation.params, positional, named));
    };
  }
  const { run } = operation;
  return (frame) => {
    const value = operand(frame);
    const values = args.positional(frame);
    for (const usual of missing) values.push(usual!);
    frame.runtime.at = start;
    frame.runtime.step();
    weighValue(frame.runtime, value);
    weigh(frame.runtime, values, null);
    return run(frame.runtime, value, values);
  };
}
