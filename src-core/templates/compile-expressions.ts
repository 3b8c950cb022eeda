import { findMethod, getAttribute, getItem, getSlice, isSliceable, missingItem } from './access.ts';
import { bindArguments } from './arguments.ts';
import { applySign, calculate } from './arithmetic.ts';
import { callValue } from './calls.ts';
import { compare, isTrue, setEntry } from './compare.ts';
import { type Evaluate, placeOf, type Scope } from './compile-scope.ts';
import { Failure, nearestName, typeFailure } from './diagnostics.ts';
import { filters } from './filters/registry.ts';
import { type Frame, pending, readSlot, undefinedName } from './frame.ts';
import { escapeHtml } from './html.ts';
import { LocatedFailure } from './lexer.ts';
import { dictMethod } from './methods/dict.ts';
import type { Arguments, CallNode, Expression, FilterNode, LogicNode } from './nodes.ts';
import type { Operation } from './operations.ts';
import { printValue } from './print.ts';
import { itemsOf } from './sequences.ts';
import { tests } from './tests.ts';
import { Dict, Markup, type Named, Tuple, textOf, typeName, Undefined, type Value } from './values.ts';

type NodeOf<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

/** Turns an expression into a function; this settles names, filters and arguments once instead of on every render. */
export function compileExpression(node: Expression, scope: Scope): Evaluate {
  switch (node.kind) {
    case 'constant': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return compileName(node.name, scope);
    case 'tuple': {
      const items = compileAll(node.items, scope);
      return (frame) => new Tuple(evaluateAll(items, frame));
    }
    case 'list': {
      const items = compileAll(node.items, scope);
      return (frame) => evaluateAll(items, frame);
    }
    case 'dict':
      return compileDict(node, scope);
    case 'attribute':
      return compileAttribute(node, scope);
    case 'item':
      return compileItem(node, scope);
    case 'call':
      return compileCall(node, scope);
    case 'filter':
      return compileFilter(node, scope, null);
    case 'test':
      return compileOperation('test', node, scope, compileExpression(node.operand, scope));
    case 'not': {
      const operand = compileExpression(node.operand, scope);
      return (frame) => !isTrue(frame.runtime, operand(frame));
    }
    case 'sign': {
      const { negative, start } = node;
      const operand = compileExpression(node.operand, scope);
      return (frame) => {
        const value = operand(frame);
        frame.runtime.at = start;
        return applySign(negative, value);
      };
    }
    case 'and':
    case 'or':
      return compileLogic(node, scope);
    case 'concat':
      return compileConcat(node, scope);
    case 'arithmetic':
      return compileArithmetic(node, scope);
    case 'compare':
      return compileCompare(node, scope);
    case 'condition':
      return compileCondition(node, scope);
  }
}

function compileAll(nodes: readonly Expression[], scope: Scope): readonly Evaluate[] {
  return nodes.map((node) => compileExpression(node, scope));
}

function evaluateAll(items: readonly Evaluate[], frame: Frame): Value[] {
  const values: Value[] = [];
  for (const item of items) values.push(item(frame));
  return values;
}

function compileName(name: string, scope: Scope): Evaluate {
  const { hops, slot } = placeOf(scope, name);
  if (hops > 0) return (frame) => readSlot(frame, hops, slot, name);
  return (frame) => {
    const value = frame.slots[slot];
    if (value === undefined) return undefinedName(name);
    return value === pending ? readSlot(frame, 0, slot, name) : (value as Value);
  };
}

function compileDict(node: NodeOf<'dict'>, scope: Scope): Evaluate {
  const entries = node.entries.map(({ key, value }) => ({
    key: compileExpression(key, scope),
    value: compileExpression(value, scope),
  }));
  return (frame) => {
    const dict = new Dict();
    for (const { key, value } of entries) setEntry(frame.runtime, dict, key(frame), value(frame));
    return dict;
  };
}

function compileAttribute(node: NodeOf<'attribute'>, scope: Scope): Evaluate {
  const object = compileExpression(node.object, scope);
  const { name, start } = node;
  const isPlain = dictMethod(name) === undefined;
  return (frame) => {
    const owner = object(frame);
    if (isPlain && owner instanceof Dict) {
      const value = owner.map.get(name);
      if (value !== undefined) return value;
    }
    frame.runtime.at = start;
    return getAttribute(frame.runtime, owner, name);
  };
}

function compileItem(node: NodeOf<'item'>, scope: Scope): Evaluate {
  const object = compileExpression(node.object, scope);
  const { start } = node;
  if (node.key.kind === 'slice') {
    // While Jinja compiles, what cannot be sliced is undefined instead of an error.
    const isLenient = scope.isConstant;
    const bounds = [node.key.from, node.key.to, node.key.step].map((bound) =>
      bound === null ? () => null : compileExpression(bound, scope),
    );
    const [from, to, step] = bounds as unknown as readonly [Evaluate, Evaluate, Evaluate];
    return (frame) => {
      const owner = object(frame);
      const values = [from(frame), to(frame), step(frame)] as const;
      frame.runtime.at = start;
      if (isLenient && !isSliceable(owner)) return missingItem(owner);
      return getSlice(frame.runtime, owner, ...values);
    };
  }
  const key = compileExpression(node.key, scope);
  return (frame) => {
    const owner = object(frame);
    const wanted = key(frame);
    frame.runtime.at = start;
    return getItem(frame.runtime, owner, wanted);
  };
}

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

function compileOperation(what: 'filter' | 'test', node: OperationNode, scope: Scope, operand: Evaluate): Evaluate {
  const known = what === 'filter' ? filters() : tests;
  const operation = known.get(node.name);
  if (operation === undefined) return unknownOperation(what, node, scope, known);
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
    if (operation.kind === 'open') return operation.run(frame.runtime, value, positional, named);
    return operation.run(frame.runtime, value, bindArguments(operation.name, operation.params, positional, named));
  };
}

/** A filter or test whose arguments find their parameters now. */
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
    return run(frame.runtime, value, values);
  };
}

function unknownOperation(
  what: 'filter' | 'test',
  node: OperationNode,
  scope: Scope,
  known: ReadonlyMap<string, Operation>,
): Evaluate {
  const near = nearestName(node.name, known.keys());
  const failure = new Failure(
    'unknown',
    `There is no ${what} "${node.name}".`,
    near === null ? undefined : `Did you mean "${near}"?`,
  );
  const located = new LocatedFailure(failure, node.start, node.end);
  if (!scope.isSoft) throw located;
  scope.builder.warn(located);
  return (frame) => {
    frame.runtime.at = node.start;
    throw failure;
  };
}

function compileLogic(node: LogicNode, scope: Scope): Evaluate {
  const operands = compileAll(node.operands, scope);
  const stopsAt = node.kind === 'or';
  return (frame) => {
    let value: Value = null;
    for (const operand of operands) {
      value = operand(frame);
      if (operand === operands[operands.length - 1]) break;
      if (isTrue(frame.runtime, value) === stopsAt) break;
    }
    return value;
  };
}

function compileConcat(node: NodeOf<'concat'>, scope: Scope): Evaluate {
  const operands = compileAll(node.operands, scope);
  return (frame) => {
    const { runtime } = frame;
    if (scope.mayEscape && runtime.escapes) return concatEscaped(frame, operands);
    let text = '';
    for (const operand of operands) {
      const value = operand(frame);
      text += typeof value === 'string' ? value : printValue(runtime, value);
      if (text.length > runtime.limits.string) throw runtime.exceeded('string');
    }
    return text;
  };
}

/** Inside `autoescape`, joining with escaped text escapes the rest. */
function concatEscaped(frame: Frame, operands: readonly Evaluate[]): Value {
  const { runtime } = frame;
  const values = evaluateAll(operands, frame);
  const hasMarkup = values.some((value) => value instanceof Markup);
  const texts = values.map((value) =>
    hasMarkup && !(value instanceof Markup)
      ? escapeHtml(runtime, printValue(runtime, value))
      : printValue(runtime, value),
  );
  runtime.willMakeText(texts.reduce((length, text) => length + text.length, 0));
  return hasMarkup ? new Markup(texts.join('')) : texts.join('');
}

function compileArithmetic(node: NodeOf<'arithmetic'>, scope: Scope): Evaluate {
  const first = compileExpression(node.first, scope);
  const rest = node.rest.map(({ operator, operand }) => ({ operator, operand: compileExpression(operand, scope) }));
  const { start } = node;
  return (frame) => {
    let value = first(frame);
    for (const { operator, operand } of rest) {
      const right = operand(frame);
      frame.runtime.at = start;
      value = calculate(frame.runtime, operator, value, right);
    }
    return value;
  };
}

function compileCompare(node: NodeOf<'compare'>, scope: Scope): Evaluate {
  const first = compileExpression(node.first, scope);
  const rest = node.rest.map(({ operator, operand }) => ({ operator, operand: compileExpression(operand, scope) }));
  const { start } = node;
  return (frame) => {
    let left = first(frame);
    for (const { operator, operand } of rest) {
      const right = operand(frame);
      frame.runtime.at = start;
      if (!compare(frame.runtime, operator, left, right)) return false;
      left = right;
    }
    return true;
  };
}

function compileCondition(node: NodeOf<'condition'>, scope: Scope): Evaluate {
  const soft = { ...scope, isSoft: true };
  const test = compileExpression(node.test, soft);
  const value = compileExpression(node.value, soft);
  const otherwise = node.otherwise === null ? null : compileExpression(node.otherwise, soft);
  return (frame) => {
    if (isTrue(frame.runtime, test(frame))) return value(frame);
    return otherwise === null
      ? new Undefined('The condition is false and there is no "else".', true)
      : otherwise(frame);
  };
}
