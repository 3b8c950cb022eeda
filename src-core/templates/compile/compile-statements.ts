import { isTrue } from '../runtime/compare.ts';
import { typeFailure } from '../runtime/diagnostics.ts';
import type { Frame } from '../runtime/execution/frame.ts';
import { printValue } from '../runtime/print.ts';
import { escapeHtml } from '../runtime/text/html.ts';
import { Markup, textOf, typeName, type Value } from '../runtime/values.ts';
import type {
  Body,
  FilterBlockNode,
  IfNode,
  OutputPart,
  ScopeNode,
  SetBlockNode,
  Statement,
  WithNode,
} from '../syntax/nodes.ts';
import { analyzeBody, analyzeExpression, declareTarget } from '../syntax/symbols.ts';
import { isConstant } from '../syntax/walk.ts';
import { compileFilter } from './compile-calls.ts';
import {
  compileBlock,
  compileExtends,
  compileFromImport,
  compileImport,
  compileInclude,
} from './compile-composition.ts';
import { compileExpression } from './compile-expressions.ts';
import { compileFor } from './compile-loops.ts';
import { compileCallBlock, compileMacro } from './compile-macros.ts';
import {
  broke,
  compileEntry,
  continued,
  type Execute,
  innerScope,
  normal,
  type Scope,
  type Signal,
} from './compile-scope.ts';
import { compileTarget } from './compile-targets.ts';

/** Statements in a row; stops where one breaks or continues a loop. */
export function compileBody(body: Body, scope: Scope): Execute {
  const steps: Execute[] = [];
  for (const statement of body) {
    const step = compileStatement(statement, scope);
    if (step !== null) steps.push(step);
  }
  if (steps.length === 1) return steps[0]!;
  return (frame) => {
    for (const step of steps) {
      const signal = step(frame);
      if (signal !== normal) return signal;
    }
    return normal;
  };
}

/** Null when the statement does nothing here. */
function compileStatement(statement: Statement, scope: Scope): Execute | null {
  switch (statement.kind) {
    case 'output':
      return compileOutput(statement.parts, scope);
    case 'if':
      return compileIf(statement, scope);
    case 'for':
      return compileFor(statement, scope);
    case 'switch':
      // Only nunjucks has it, whose templates are compiled elsewhere.
      return null;
    case 'set': {
      const value = compileExpression(statement.value, scope);
      const assign = compileTarget(statement.target, scope, scope.isTop);
      const { start } = statement;
      return (frame) => {
        frame.runtime.step();
        const assigned = value(frame);
        frame.runtime.at = start;
        assign(frame, assigned);
        return normal;
      };
    }
    case 'set-block':
      return compileSetBlock(statement, scope);
    case 'filter-block':
      return compileFilterBlock(statement, scope);
    case 'with':
      return compileWith(statement, scope);
    case 'macro':
      return compileMacro(statement, scope);
    case 'call-block':
      return compileCallBlock(statement, scope);
    case 'block':
      return compileBlock(statement, scope);
    case 'extends':
      return compileExtends(statement, scope);
    case 'include':
      return compileInclude(statement, scope);
    case 'import':
      return compileImport(statement, scope);
    case 'from-import':
      return compileFromImport(statement, scope);
    case 'autoescape':
      return compileAutoescape(statement, scope);
    case 'do': {
      const value = compileExpression(statement.value, scope);
      return (frame) => {
        frame.runtime.step();
        value(frame);
        return normal;
      };
    }
    case 'break':
      return () => broke;
    case 'continue':
      return () => continued;
  }
}

function compileOutput(parts: readonly OutputPart[], scope: Scope): Execute | null {
  if (scope.checksParent && scope.builder.knowsParent) return null;
  const writers = parts.map((part) => compilePart(part, scope));
  const weight = 1 + (writers.length >> 2);
  const writeAll: Execute = (frame) => {
    frame.runtime.spend(weight);
    for (const write of writers) write(frame);
    return normal;
  };
  if (!scope.checksParent) return writeAll;
  return (frame) => (frame.root.parentTemplate === null ? writeAll(frame) : normal);
}

function compilePart(part: OutputPart, scope: Scope): (frame: Frame) => void {
  const site = scope.builder.site(part);
  if (part.kind === 'text') {
    const { text } = part;
    return (frame) => frame.runtime.write(text, site);
  }
  const evaluate = compileExpression(part, isConstant(part) ? { ...scope, isConstant: true } : scope);
  const { start } = part;
  if (scope.mayEscape) return (frame) => writeEscaped(frame, evaluate(frame), start, site);
  return (frame) => {
    const { runtime } = frame;
    runtime.at = start;
    const value = evaluate(frame);
    if (typeof value === 'string') return runtime.write(value, site);
    runtime.at = start;
    runtime.write(printValue(runtime, value), site);
  };
}

type OutputSite = ReturnType<Scope['builder']['site']>;

function writeEscaped(frame: Frame, value: Value, start: number, site: OutputSite): void {
  const { runtime } = frame;
  runtime.at = start;
  const text = printValue(runtime, value);
  runtime.write(runtime.escapes && !(value instanceof Markup) ? escapeHtml(runtime, text) : text, site);
}

function compileIf(statement: IfNode, outer: Scope): Execute {
  const scope = { ...outer, isRoot: false, isSoft: true };
  const branches = statement.branches.map(({ test, body }) => ({
    start: test.start,
    test: compileExpression(test, scope),
    run: compileBody(body, scope),
  }));
  const otherwise = statement.otherwise.length === 0 ? null : compileBody(statement.otherwise, scope);
  return (frame) => {
    const { runtime } = frame;
    for (const { start, test, run } of branches) {
      runtime.step();
      runtime.at = start;
      if (isTrue(runtime, test(frame))) return run(frame);
    }
    return otherwise === null ? normal : otherwise(frame);
  };
}

function compileSetBlock(statement: SetBlockNode, outer: Scope): Execute {
  const scope = innerScope(outer, { checksParent: false });
  analyzeBody(scope.symbols, statement.body);
  if (statement.filter !== null) analyzeExpression(scope.symbols, statement.filter);
  const enter = compileEntry(scope);
  const run = compileBody(statement.body, scope);
  const filter = statement.filter === null ? null : compileFilter(statement.filter, scope, blockText);
  const assign = compileTarget(statement.target, outer, outer.isTop);
  return (frame) => {
    enter(frame);
    const signal = captureBlock(frame, run);
    if (signal !== normal) return signal;
    const value = filter === null ? frame.runtime.blockText : filter(frame);
    assign(frame, frame.runtime.escapes && outer.mayEscape && typeof value === 'string' ? new Markup(value) : value);
    return normal;
  };
}

const blockText = (frame: Frame): Value => frame.runtime.blockText;

/** Runs a body with an output of its own, which becomes the operand of the block's filters. */
function captureBlock(frame: Frame, run: Execute): Signal {
  let signal: Signal = normal;
  const text = frame.runtime.capture(() => {
    signal = run(frame);
  });
  frame.runtime.blockText = text;
  return signal;
}

function compileFilterBlock(statement: FilterBlockNode, outer: Scope): Execute {
  const scope = innerScope(outer);
  analyzeBody(scope.symbols, statement.body);
  analyzeExpression(scope.symbols, statement.filter);
  const enter = compileEntry(scope);
  const run = compileBody(statement.body, scope);
  const filter = compileFilter(statement.filter, scope, blockText);
  const site = scope.builder.site(statement);
  return (frame) => {
    enter(frame);
    const signal = captureBlock(frame, run);
    if (signal !== normal) return signal;
    frame.runtime.at = statement.start;
    frame.runtime.write(blockResult('filter', filter(frame)), site);
    return normal;
  };
}

/** In Python, joining the result of these blocks with other output fails for anything but text. */
export function blockResult(statement: string, value: Value): string {
  const text = textOf(value);
  if (text === null) throw typeFailure(`A "${statement}" block must give a str, but got ${typeName(value)}.`);
  return text;
}

function compileWith(statement: WithNode, outer: Scope): Execute {
  const scope = innerScope(outer);
  for (const { target } of statement.bindings) declareTarget(scope.symbols, target);
  analyzeBody(scope.symbols, statement.body);
  const enter = compileEntry(scope);
  const bindings = statement.bindings.map(({ target, value }) => ({
    value: compileExpression(value, outer),
    assign: compileTarget(target, scope, false),
  }));
  const run = compileBody(statement.body, scope);
  return (frame) => {
    frame.runtime.step();
    enter(frame);
    for (const { value, assign } of bindings) assign(frame, value(frame));
    return run(frame);
  };
}

function compileAutoescape(statement: ScopeNode, outer: Scope): Execute {
  const scope = innerScope(outer, { mayEscape: true });
  analyzeExpression(scope.symbols, statement.enabled);
  analyzeBody(scope.symbols, statement.body);
  const enter = compileEntry(scope);
  const enabled = compileExpression(statement.enabled, scope);
  const run = compileBody(statement.body, scope);
  return (frame) => {
    enter(frame);
    const before = frame.runtime.escapes;
    frame.runtime.escapes = isTrue(frame.runtime, enabled(frame));
    const signal = run(frame);
    frame.runtime.escapes = before;
    return signal;
  };
}
