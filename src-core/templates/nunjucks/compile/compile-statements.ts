import type { Value } from '../../runtime/values.ts';
import type {
  Body,
  FilterBlockNode,
  IfNode,
  OutputPart,
  SetBlockNode,
  Statement,
  SwitchNode,
  Target,
} from '../../syntax/nodes.ts';
import { isSame, isTruthy, toOutput } from '../meaning/meaning.ts';
import {
  compileBlock,
  compileExtends,
  compileFromImport,
  compileImport,
  compileInclude,
} from './compile-composition.ts';
import { compileExpression, compileFilter } from './compile-expressions.ts';
import { compileFor } from './compile-loops.ts';
import { compileAssignment, compileCallBlock, compileMacro } from './compile-macros.ts';
import type { Evaluate, Execute, Scope } from './compile-scope.ts';
import type { Activation } from './frame.ts';

/** Statements in a row. */
export function compileBody(body: Body, scope: Scope): Execute {
  const steps = body.map((statement) => compileStatement(statement, scope));
  if (steps.length === 1) return steps[0]!;
  return (at) => {
    for (const step of steps) step(at);
  };
}

function compileStatement(statement: Statement, scope: Scope): Execute {
  switch (statement.kind) {
    case 'output':
      return compileOutput(statement.parts, scope);
    case 'if':
      return compileIf(statement, scope);
    case 'switch':
      return compileSwitch(statement, scope);
    case 'for':
      return compileFor(statement, scope, compileBody);
    case 'set': {
      const value = compileExpression(statement.value, scope);
      const assign = compileTarget(statement.target, scope);
      return (at) => {
        at.runtime.step();
        assign(at, value(at));
      };
    }
    case 'set-block':
      return compileSetBlock(statement, scope);
    case 'filter-block':
      return compileFilterBlock(statement, scope);
    case 'macro':
      return compileMacro(statement, scope, compileBody);
    case 'call-block':
      return compileCallBlock(statement, scope, compileBody);
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
    default:
      throw new TypeError(`Nunjucks has no statement "${statement.kind}".`);
  }
}

function compileOutput(parts: readonly OutputPart[], scope: Scope): Execute {
  const writers = parts.map((part) => compilePart(part, scope));
  const weight = 1 + (writers.length >> 2);
  return (at) => {
    at.runtime.spend(weight);
    for (const write of writers) write(at);
  };
}

function compilePart(part: OutputPart, scope: Scope): Execute {
  const site = scope.builder.site(part);
  if (part.kind === 'text') {
    const { text } = part;
    return (at) => at.runtime.write(text, site);
  }
  const evaluate = compileExpression(part, scope);
  const { start } = part;
  return (at) => {
    const { runtime } = at;
    runtime.at = start;
    const value = evaluate(at);
    runtime.at = start;
    runtime.write(typeof value === 'string' ? value : toOutput(runtime, value), site);
  };
}

function compileIf(statement: IfNode, outer: Scope): Execute {
  const scope = { ...outer, isSoft: true };
  const branches = statement.branches.map(({ test, body }) => ({
    start: test.start,
    test: compileExpression(test, scope),
    run: compileBody(body, scope),
  }));
  const otherwise = statement.otherwise.length === 0 ? null : compileBody(statement.otherwise, scope);
  return (at) => {
    for (const { start, test, run } of branches) {
      at.runtime.step();
      at.runtime.at = start;
      if (isTruthy(test(at))) return run(at);
    }
    otherwise?.(at);
  };
}

/** As in JavaScript, an empty case falls through to the next one with a body. */
function compileSwitch(statement: SwitchNode, outer: Scope): Execute {
  const scope = { ...outer, isSoft: true };
  const subject = compileExpression(statement.subject, outer);
  const cases = statement.branches.map(({ test, body }) => ({
    test: compileExpression(test, scope),
    run: body.length === 0 ? null : compileBody(body, scope),
  }));
  const otherwise = compileBody(statement.otherwise, scope);
  return (at) => {
    at.runtime.step();
    at.runtime.at = statement.start;
    const value = subject(at);
    const found = cases.findIndex(({ test }) => {
      at.runtime.step();
      return isSame(at.runtime, value, test(at));
    });
    const chosen = found === -1 ? undefined : cases.slice(found).find(({ run }) => run !== null);
    (chosen?.run ?? otherwise)(at);
  };
}

function compileTarget(target: Target, scope: Scope): (at: Activation, value: Value) => void {
  if (target.kind === 'name') return compileAssignment(target.name, scope);
  if (target.kind !== 'targets') throw new TypeError('Nunjucks has no namespaces.');
  const assigns = target.items.map((item) => compileTarget(item, scope));
  return (at, value) => {
    for (const assign of assigns) assign(at, value);
  };
}

/** The text that a body writes. */
function captured(body: Body, scope: Scope): Evaluate {
  const run = compileBody(body, { ...scope, isRoot: false });
  return (at) => at.runtime.capture(() => run(at));
}

function compileSetBlock(statement: SetBlockNode, scope: Scope): Execute {
  const text = captured(statement.body, scope);
  const assign = compileTarget(statement.target, scope);
  return (at) => {
    at.runtime.step();
    assign(at, text(at));
  };
}

function compileFilterBlock(statement: FilterBlockNode, scope: Scope): Execute {
  const filter = compileFilter(statement.filter, scope, captured(statement.body, scope));
  const site = scope.builder.site(statement);
  return (at) => {
    const value = filter(at);
    at.runtime.at = statement.start;
    at.runtime.write(toOutput(at.runtime, value), site);
  };
}
