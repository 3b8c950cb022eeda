import { Failure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Dict, Markup, type Value } from '../../runtime/values.ts';
import { syntaxFailure } from '../../syntax/located-failure.ts';
import type { ForNode } from '../../syntax/nodes.ts';
import { eachStatement, undeclaredNames } from '../../syntax/walk.ts';
import { isNothing, isTruthy, orNothing, toNumber } from '../meaning/meaning.ts';
import { entriesOf, setKey } from '../meaning/objects.ts';
import { splitText } from '../meaning/texts.ts';
import { dataOf, requireMember } from '../methods/members.ts';
import { compileExpression } from './compile-expressions.ts';
import { type CompileBody, declare, type Execute, inFrame, loopScope, type Scope } from './compile-scope.ts';
import type { Activation } from './frame.ts';

/** The values of a loop's names in one iteration. */
type Turn = (index: number) => readonly Value[];

/** `for`, and `asyncEach` and `asyncAll`, which are the same where nothing waits. */
export function compileFor(statement: ForNode, outer: Scope, compileBody: CompileBody): Execute {
  const scope = loopScope(outer);
  const source = compileExpression(statement.source, scope);
  const names = namesOf(statement);
  const slots = names.map((name) => ({ name, slot: declare(scope, name) }));
  const body = compileBody(statement.body, scope);
  const otherwise = statement.otherwise.length === 0 ? null : compileBody(statement.otherwise, scope);
  const showsLoop = mayShowLoop(statement);
  const { start } = statement;
  const run = (at: Activation, turn: Turn, count: () => number) => {
    const { runtime } = at;
    const loop = new Dict();
    for (let index = 0; index < count(); index += 1) {
      runtime.step();
      runtime.at = start;
      const values = turn(index);
      slots.forEach(({ name, slot }, position) => {
        const value = orNothing(values[position]);
        at.slots[slot] = value;
        at.frames.current.set(name, value);
      });
      if (showsLoop && index === 0) at.frames.current.set('loop', loop);
      if (showsLoop) describeTurn(runtime, loop, index, count());
      body(at);
    }
  };
  return (at) => {
    inFrame(at, () => {
      at.runtime.at = start;
      at.runtime.step();
      const items = source(at);
      at.runtime.at = start;
      if (isNothing(items) && at.runtime.strict) throw new Failure('undefined', items.reason);
      const turns = isTruthy(items) ? turnsOf(at.runtime, items, names.length) : null;
      if (turns !== null) run(at, turns.turn, turns.count);
      if (otherwise !== null && !(turns !== null && turns.count() > 0)) otherwise(at);
    });
  };
}

function namesOf({ target }: ForNode): readonly string[] {
  const items = target.kind === 'targets' ? target.items : [target];
  return items.map((item) => {
    if (item.kind !== 'name') throw syntaxFailure('A loop gives its items names.', item.start, item.end);
    return item.name;
  });
}

/** Whether anything may look at the variable `loop`: the body, or what it names or calls with the frame around it. */
function mayShowLoop(statement: ForNode): boolean {
  if (undeclaredNames(statement.body, ['loop']).has('loop')) return true;
  let passesOn = false;
  eachStatement(statement.body, ({ kind }) => {
    passesOn ||= kind === 'include' || kind === 'block' || kind === 'import' || kind === 'from-import';
  });
  return passesOn;
}

function describeTurn(runtime: Runtime, loop: Dict, index: number, length: number): void {
  setKey(runtime, loop, 'index', index + 1);
  loop.setPlain('index0', index);
  loop.setPlain('revindex', length - index);
  loop.setPlain('revindex0', length - index - 1);
  loop.setPlain('first', index === 0);
  loop.setPlain('last', index === length - 1);
  loop.setPlain('length', length);
}

/** The iterations of a loop with one name, or with several names for parts of lists or for key and value. */
function turnsOf(runtime: Runtime, source: Value, names: number): { turn: Turn; count: () => number } | null {
  const items = source instanceof Markup ? [...source.text] : source;
  if (Array.isArray(items)) {
    const turn: Turn =
      names === 1 ? (index) => [items[index]!] : (index) => takeApart(runtime, orNothing(items[index]), names);
    return { turn, count: () => items.length };
  }
  if (typeof items === 'string') {
    const units = splitText(runtime, items, '');
    const turn: Turn = names === 1 ? (index) => [units[index]!] : (index) => [String(index), units[index]!];
    return { turn, count: () => units.length };
  }
  if (!(items instanceof Dict)) return null;
  if (names > 1) {
    const entries = entriesOf(runtime, items);
    return { turn: (index) => entries[index]!, count: () => entries.length };
  }
  const length = dataOf(runtime, items, 'length');
  if (length === undefined) return null;
  return {
    turn: (index) => [orNothing(dataOf(runtime, items, index))],
    count: () => toNumber(runtime, length),
  };
}

function takeApart(runtime: Runtime, item: Value, names: number): readonly Value[] {
  return Array.from({ length: names }, (_, index) => requireMember(runtime, 'for', item, index));
}
