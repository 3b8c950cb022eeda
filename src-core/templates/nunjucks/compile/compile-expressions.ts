import { refuseUnknown } from '../../compile/builder.ts';
import { Failure, typeFailure, unknownName } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Callable, Dict, Undefined, type Value } from '../../runtime/values.ts';
import { weigh, weighValue } from '../../runtime/weigh.ts';
import type { Arguments, CallNode, Expression, FilterNode } from '../../syntax/nodes.ts';
import type { Apply } from '../filters/filter.ts';
import { nunjucksFilters } from '../filters/registry.ts';
import { nunjucksTests } from '../filters/tests.ts';
import {
  calculate,
  compare,
  concatenate,
  isNothing,
  isTruthy,
  kindName,
  nothing,
  orNothing,
  toNumber,
} from '../meaning/meaning.ts';
import { getKey, makeObject } from '../meaning/objects.ts';
import { memberOf, methodOf } from '../methods/members.ts';
import { RegexValue } from '../regex/regex.ts';
import { activationAt, type Evaluate, lookUp, placeOf, type Scope } from './compile-scope.ts';
import type { Activation } from './frame.ts';

/** What `super()` shows, which no name of a template can be. */
export const superName = 'super()';

type NodeOf<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

/** Turns an expression into a function that computes it in JavaScript's meaning. */
export function compileExpression(node: Expression, scope: Scope): Evaluate {
  switch (node.kind) {
    case 'constant': {
      const { value } = node;
      return value instanceof RegexValue ? () => value.fresh() : () => value;
    }
    case 'name':
      return compileName(node.name, scope);
    case 'list':
    case 'tuple':
      return compileList(node, scope);
    case 'dict':
      return compileObject(node, scope);
    case 'attribute':
    case 'item':
      return compileMember(node, scope);
    case 'call':
      return compileCall(node, scope);
    case 'filter':
      return compileFilter(node, scope, compileExpression(node.operand!, scope));
    case 'test':
      return compileOperation('test', node, scope, nunjucksTests, compileExpression(node.operand, scope));
    case 'not': {
      const operand = compileExpression(node.operand, scope);
      return (at) => !isTruthy(operand(at));
    }
    case 'sign': {
      const operand = compileExpression(node.operand, scope);
      const sign = node.negative ? -1 : 1;
      return (at) => sign * toNumber(at.runtime, operand(at));
    }
    case 'and':
    case 'or':
      return compileLogic(node, scope);
    case 'concat':
    case 'arithmetic':
    case 'compare':
      return compileRow(node, scope);
    case 'condition':
      return compileCondition(node, scope);
  }
}

function compileAll(nodes: readonly Expression[], scope: Scope): readonly Evaluate[] {
  return nodes.map((node) => compileExpression(node, scope));
}

function evaluateAll(items: readonly Evaluate[], at: Activation): Value[] {
  countOperands(at, items.length);
  const values: Value[] = [];
  for (const item of items) values.push(item(at));
  return values;
}

/** An expression is no step of its own, but a long one counts. */
function countOperands(at: Activation, count: number): void {
  if (count > 4) at.runtime.spend(count >> 2);
}

function compileName(name: string, scope: Scope): Evaluate {
  const place = placeOf(scope, name);
  const missing = new Undefined(`"${name.slice(0, 80)}" is undefined.`);
  if (place === null)
    return (at) => {
      const value = lookUp(at, name);
      return value === undefined ? missing : value;
    };
  const { hops, slot } = place;
  if (hops === 0) return (at) => at.slots[slot]!;
  return (at) => activationAt(at, hops).slots[slot]!;
}

function compileList(node: NodeOf<'list' | 'tuple'>, scope: Scope): Evaluate {
  const items = compileAll(node.items, scope);
  if (node.kind === 'list') return (at) => evaluateAll(items, at);
  return (at) => orNothing(evaluateAll(items, at).at(-1));
}

function compileObject(node: NodeOf<'dict'>, scope: Scope): Evaluate {
  const entries = node.entries.map(({ key, value }) => ({
    key: key.kind === 'constant' ? String(key.value) : '',
    value: compileExpression(value, scope),
  }));
  return (at) => {
    return makeObject(
      at.runtime,
      entries.map(({ key, value }) => [key, value(at)] as const),
    );
  };
}

function compileMember(node: NodeOf<'attribute' | 'item'>, scope: Scope): Evaluate {
  const object = compileExpression(node.object, scope);
  const { start } = node;
  if (node.kind === 'attribute' || node.key.kind === 'constant') {
    const key = node.kind === 'attribute' ? node.name : (node.key as NodeOf<'constant'>).value;
    return (at) => {
      const owner = object(at);
      if (owner instanceof Dict && typeof key === 'string') {
        const value = getKey(at.runtime, owner, key);
        if (value !== undefined) return value;
      }
      at.runtime.at = start;
      return memberOf(at.runtime, owner, key);
    };
  }
  const key = compileExpression(node.key as Expression, scope);
  return (at) => {
    const owner = object(at);
    const wanted = key(at);
    at.runtime.at = start;
    return memberOf(at.runtime, owner, wanted);
  };
}

/** Arguments; those with names are an object at the end that is marked, as nunjucks passes them. */
export function compileArguments(args: Arguments, scope: Scope, caller?: Evaluate): (at: Activation) => Value[] {
  const positional = compileAll(args.positional, scope);
  const named = args.named.map(({ name, value }) => ({ name, value: compileExpression(value, scope) }));
  if (caller !== undefined) named.push({ name: 'caller', value: caller });
  if (named.length === 0) return (at) => evaluateAll(positional, at);
  return (at) => {
    const values = evaluateAll(positional, at);
    const entries = named.map(({ name, value }): [string, Value] => [name, value(at)]);
    values.push(makeObject(at.runtime, [...entries, ['__keywords', true]]));
    return values;
  };
}

/** A call; `caller` is what a `call` statement adds. A method is called without making a function of it first. */
export function compileCall(node: CallNode, scope: Scope, caller?: Evaluate): Evaluate {
  const args = compileArguments(node.args, scope, caller);
  const { callee, start } = node;
  const shown = nameOf(callee).slice(0, 200);
  if (callee.kind === 'name' && callee.name === 'super' && placeOf(scope, superName) !== null)
    return compileName(superName, scope);
  if (callee.kind === 'attribute') {
    const object = compileExpression(callee.object, scope);
    const { name } = callee;
    return (at) => {
      const owner = object(at);
      at.runtime.at = start;
      const own = owner instanceof Dict ? getKey(at.runtime, owner, name) : undefined;
      const method = own === undefined ? methodOf(owner, name) : undefined;
      const target = method === undefined ? (own ?? memberOf(at.runtime, owner, name)) : null;
      const values = args(at);
      at.runtime.at = start;
      if (method === undefined) return call(at.runtime, target!, values, shown);
      at.runtime.step();
      weigh(at.runtime, values, null);
      return method(at.runtime, owner, values);
    };
  }
  const target = compileExpression(callee, scope);
  return (at) => {
    const called = target(at);
    const values = args(at);
    at.runtime.at = start;
    return call(at.runtime, called, values, shown);
  };
}

function call(runtime: Runtime, callee: Value, args: Value[], shown: string): Value {
  runtime.step();
  weigh(runtime, args, null);
  if (callee instanceof Callable) return callee.call(runtime, args, null);
  if (isNothing(callee)) throw new Failure('undefined', `"${shown}" cannot be called: it is undefined.`);
  throw typeFailure(`"${shown}" cannot be called: it is ${kindName(callee)}.`);
}

/** The name of what is called, for errors. */
function nameOf(node: Expression): string {
  if (node.kind === 'name') return node.name;
  if (node.kind === 'attribute') return `${nameOf(node.object)}.${node.name}`;
  if (node.kind === 'call') return `${nameOf(node.callee)}()`;
  if (node.kind === 'item') return `${nameOf(node.object)}[…]`;
  return node.kind === 'constant' && typeof node.value === 'string' ? JSON.stringify(node.value) : '(…)';
}

/** A filter over what `operand` computes. */
export function compileFilter(node: FilterNode, scope: Scope, operand: Evaluate): Evaluate {
  return compileOperation('filter', node, scope, nunjucksFilters, operand);
}

type OperationNode = NodeOf<'filter' | 'test'>;

function compileOperation(
  what: 'filter' | 'test',
  node: OperationNode,
  scope: Scope,
  known: ReadonlyMap<string, Apply>,
  operand: Evaluate,
): Evaluate {
  const apply = known.get(node.name);
  if (apply === undefined)
    return refuseUnknown(unknownName(what, node.name, known.keys()), node.named, scope, (at: Activation) => at.runtime);
  const args = compileArguments(node.args, scope);
  const { start } = node;
  return (at) => {
    const value = operand(at);
    const values = args(at);
    at.runtime.at = start;
    at.runtime.step();
    weighValue(at.runtime, value);
    weigh(at.runtime, values, null);
    return apply(at.runtime, value, values);
  };
}

function compileLogic(node: NodeOf<'and' | 'or'>, scope: Scope): Evaluate {
  const operands = compileAll(node.operands, scope);
  const last = operands.at(-1)!;
  const stopsAt = node.kind === 'or';
  return (at) => {
    let value: Value = nothing;
    countOperands(at, operands.length);
    for (const operand of operands) {
      value = operand(at);
      if (operand === last || isTruthy(value) === stopsAt) break;
    }
    return value;
  };
}

/** Operators of equal precedence, from left to right. */
function compileRow(node: NodeOf<'concat' | 'arithmetic' | 'compare'>, scope: Scope): Evaluate {
  const parts = node.kind === 'concat' ? node.operands : [node.first, ...node.rest.map(({ operand }) => operand)];
  const [first, ...others] = compileAll(parts, scope);
  const operators = node.kind === 'concat' ? [] : node.rest.map(({ operator }) => operator as string);
  const { start } = node;
  const join = node.kind === 'concat' ? concatenate : null;
  const step = node.kind === 'compare' ? compare : calculate;
  return (at) => {
    const { runtime } = at;
    let value = first!(at);
    countOperands(at, others.length);
    for (let index = 0; index < others.length; index += 1) {
      const right = others[index]!(at);
      runtime.at = start;
      value = join === null ? step(runtime, operators[index]!, value, right) : join(runtime, value, right);
    }
    return value;
  };
}

function compileCondition(node: NodeOf<'condition'>, scope: Scope): Evaluate {
  const soft = { ...scope, isSoft: true };
  const test = compileExpression(node.test, soft);
  const value = compileExpression(node.value, soft);
  const otherwise = node.otherwise === null ? () => '' : compileExpression(node.otherwise, soft);
  return (at) => (isTruthy(test(at)) ? value(at) : otherwise(at));
}
