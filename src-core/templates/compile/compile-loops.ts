import { isTrue } from '../runtime/compare.ts';
import { typeFailure } from '../runtime/diagnostics.ts';
import { Frame } from '../runtime/execution/frame.ts';
import { createLoop, type Recurse } from '../runtime/execution/loop.ts';
import { itemsOf } from '../runtime/sequences.ts';
import { Dict, DictView, Markup, textOf, type Value } from '../runtime/values.ts';
import type { ForNode } from '../syntax/nodes.ts';
import { analyzeBody, analyzeLoop, analyzeLoopTest } from '../syntax/symbols.ts';
import { eachStatement, undeclaredNames } from '../syntax/walk.ts';
import { compileExpression } from './compile-expressions.ts';
import {
  broke,
  compileEntry,
  type Evaluate,
  type Execute,
  innerScope,
  newFunction,
  normal,
  type Scope,
} from './compile-scope.ts';
import { compileBody } from './compile-statements.ts';
import { compileTarget } from './compile-targets.ts';

/** Loops over items in a frame; `depth` counts recursive calls. */
type RunLoop = (frame: Frame, source: Value, depth: number, recurse: Recurse | null) => ReturnType<Execute>;
type Functions = Scope['functions'];

export function compileFor(statement: ForNode, scope: Scope): Execute {
  const source = compileExpression(statement.source, scope);
  if (statement.recursive) return compileRecursive(statement, scope, source);
  const { start } = statement;
  const run = compileLoop(statement, scope, scope.functions);
  return (frame) => {
    frame.runtime.at = start;
    const items = source(frame);
    frame.runtime.at = start;
    return run(frame, items, 0, null);
  };
}

/** A recursive loop is a function that renders itself again for other items. */
function compileRecursive(statement: ForNode, scope: Scope, source: Evaluate): Execute {
  const functions = newFunction(scope.functions);
  const run = compileLoop(statement, scope, functions);
  const site = scope.builder.site(statement);
  const { start } = statement;
  return (outer) => {
    const { runtime } = outer;
    const recurse: Recurse = (items, depth) => {
      const render = () =>
        runtime.capture(() =>
          run(new Frame(runtime, outer.context, outer, functions[0]!.size()), items, depth, recurse),
        );
      const text = runtime.enter(render);
      return runtime.escapes ? new Markup(text) : text;
    };
    runtime.at = start;
    const items = source(outer);
    runtime.write(textOf(recurse(items, 0)) ?? '', site);
    return normal;
  };
}

/** The loop itself, whose variables are in the innermost of `functions`. */
function compileLoop(statement: ForNode, around: Scope, functions: Functions): RunLoop {
  const scope = innerScope(around, { functions });
  const loopSlot = showsLoop(statement) ? scope.symbols.slots.slotOf(scope.symbols.declareParameter('loop').id) : null;
  analyzeLoop(scope.symbols, statement);
  const accepts = compileTest(statement, around, functions);
  const assign = compileTarget(statement.target, scope, false);
  const enter = compileEntry(scope);
  const body = compileBody(statement.body, scope);
  const otherwise = compileOtherwise(statement, around, functions);
  const { start } = statement;
  return (frame, source, depth, recurse) => {
    const { runtime } = frame;
    const items = itemsOf(runtime, source);
    const dict = source instanceof Dict ? source : source instanceof DictView ? source.dict : null;
    const size = dict?.map.size;
    const needsState = loopSlot !== null || accepts !== null;
    const loop = needsState ? createLoop(runtime, items, accepts?.(frame) ?? null, depth, recurse) : null;
    let turns = 0;
    // As in Jinja, `else` also runs when every iteration ended with `break` or `continue`.
    let isDone = false;
    for (;;) {
      runtime.at = start;
      if (dict !== null && dict.map.size !== size)
        throw typeFailure('A dict must not grow or shrink while a loop goes over it; loop over a copy of it.');
      if (loop === null ? turns >= items.length : !loop.advance()) break;
      runtime.step();
      assign(frame, loop === null ? items[turns]! : loop.current());
      if (loopSlot !== null) frame.slots[loopSlot] = loop!.variable;
      turns += 1;
      enter(frame);
      const ended = body(frame);
      if (ended === broke) break;
      isDone ||= ended === normal;
    }
    return isDone || otherwise === null ? normal : otherwise(frame);
  };
}

/** Whether anything in the loop can see its variable `loop`. */
function showsLoop(statement: ForNode): boolean {
  if (statement.recursive || undeclaredNames(statement.body, ['loop']).has('loop')) return true;
  let hasScopedBlock = false;
  eachStatement(statement.body, (inner) => {
    hasScopedBlock ||= inner.kind === 'block' && inner.scoped;
  });
  return hasScopedBlock;
}

/** The `if` of a loop, as a function of its own: it sees the items, but not `loop`. */
function compileTest(statement: ForNode, around: Scope, functions: Functions) {
  if (statement.test === null) return null;
  const inner = newFunction(functions);
  const scope = innerScope(around, { functions: inner });
  analyzeLoopTest(scope.symbols, statement);
  const assign = compileTarget(statement.target, scope, false);
  const enter = compileEntry(scope);
  const test = compileExpression(statement.test, scope);
  return (outer: Frame) => {
    const frame = new Frame(outer.runtime, outer.context, outer, inner[0]!.size());
    enter(frame);
    return (item: Value): boolean => {
      assign(frame, item);
      return isTrue(frame.runtime, test(frame));
    };
  };
}

function compileOtherwise(statement: ForNode, around: Scope, functions: Functions): Execute | null {
  if (statement.otherwise.length === 0) return null;
  const scope = innerScope(around, { functions });
  analyzeBody(scope.symbols, statement.otherwise);
  const enter = compileEntry(scope);
  const run = compileBody(statement.otherwise, scope);
  return (frame) => {
    enter(frame);
    return run(frame);
  };
}
