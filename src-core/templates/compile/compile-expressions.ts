import { getAttribute, getItem, getSlice, isSliceable, missingItem } from '../builtins/methods/access.ts';
import { dictMethod } from '../builtins/methods/dict.ts';
import { applySign, calculate } from '../runtime/arithmetic.ts';
import { compare, isTrue } from '../runtime/compare.ts';
import { setEntry } from '../runtime/dict-keys.ts';
import { type Frame, pending, readSlot, undefinedName } from '../runtime/execution/frame.ts';
import { printValue } from '../runtime/print.ts';
import { escapeHtml } from '../runtime/text/html.ts';
import { Dict, Markup, Tuple, Undefined, type Value } from '../runtime/values.ts';
import type { Expression, LogicNode } from '../syntax/nodes.ts';
import { compileCall, compileFilter, compileOperation } from './compile-calls.ts';
import { type Evaluate, placeOf, type Scope } from './compile-scope.ts';

type NodeOf<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

/**
 * Compiles an expression to a function, so that names, filters and arguments are resolved once and not on every render.
 */
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

export function compileAll(nodes: readonly Expression[], scope: Scope): readonly Evaluate[] {
  return nodes.map((node) => compileExpression(node, scope));
}

export function evaluateAll(items: readonly Evaluate[], frame: Frame): Value[] {
  const values: Value[] = [];
  countOperands(frame, items.length);
  for (const item of items) values.push(item(frame));
  return values;
}

/** A short expression costs no step, a long one does. */
function countOperands(frame: Frame, count: number): void {
  if (count > 4) frame.runtime.spend(count >> 2);
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

function compileLogic(node: LogicNode, scope: Scope): Evaluate {
  const operands = compileAll(node.operands, scope);
  const stopsAt = node.kind === 'or';
  return (frame) => {
    let value: Value = null;
    countOperands(frame, operands.length);
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
    countOperands(frame, operands.length);
    for (const operand of operands) {
      const value = operand(frame);
      text += typeof value === 'string' ? value : printValue(runtime, value);
      runtime.fits(text.length);
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
    countOperands(frame, rest.length);
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
    countOperands(frame, rest.length);
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
