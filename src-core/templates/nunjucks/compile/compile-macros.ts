import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Callable, Dict, Markup, type Value } from '../../runtime/values.ts';
import type { CallBlockNode, MacroNode } from '../../syntax/nodes.ts';
import { isNamed } from '../filters/filter.ts';
import { nothing, orNothing, toOutput } from '../meaning/meaning.ts';
import { getKey } from '../meaning/objects.ts';
import { compileCall, compileExpression } from './compile-expressions.ts';
import {
  activationAt,
  type CompileBody,
  declare,
  type Evaluate,
  type Execute,
  makeSlots,
  newScope,
  placeOf,
  type Scope,
} from './compile-scope.ts';
import { type Activation, Frame } from './frame.ts';

/** Gives a name of a statement its value: in its slot, in the frame, or for the whole template. */
export function compileDefinition(
  name: string,
  scope: Scope,
): (at: Activation, value: Value, exports: boolean) => void {
  const slot = declare(scope, name);
  return (at, value, exports) => {
    at.slots[slot] = value;
    if (!scope.isOutermost) {
      at.frames.current.set(name, value);
      return;
    }
    at.context.vars.set(name, value);
    if (exports && !name.startsWith('_')) at.context.exported.add(name);
  };
}

export function compileMacro(statement: MacroNode, scope: Scope, compileBody: CompileBody): Execute {
  const make = compileMacroBody(statement, statement.name, null, scope, compileBody);
  const define = compileDefinition(statement.name, scope);
  return (at) => define(at, make(at), true);
}

/** `call`: the body becomes the macro `caller` of the macro that is called. */
export function compileCallBlock(statement: CallBlockNode, scope: Scope, compileBody: CompileBody): Execute {
  const make = compileMacroBody(statement, 'caller', scope, scope, compileBody);
  const run = compileCall(statement.call, scope, make);
  const site = scope.builder.site(statement);
  return (at) => {
    at.runtime.at = statement.start;
    const value = run(at);
    at.runtime.at = statement.start;
    at.runtime.write(toOutput(at.runtime, value), site);
  };
}

/** Makes the value of a macro; that of a `call` statement sees the names in `around`, others those of the template. */
function compileMacroBody(
  statement: MacroNode | CallBlockNode,
  name: string,
  around: Scope | null,
  outer: Scope,
  compileBody: CompileBody,
): Evaluate {
  const { params, defaults } = statement.signature;
  const scope = newScope(outer.builder, { outer: around, isOutermost: around === null });
  const plain = params.slice(0, params.length - defaults.length).map((param) => param.name);
  const named = params.slice(plain.length).map((param) => param.name);
  const slots = plain.map((parameter) => declare(scope, parameter));
  const usual = defaults.map((node) => compileExpression(node, scope));
  const body = compileBody(statement.body, scope);
  const { name: template, source } = outer.builder;
  return (definer) => {
    const run = (runtime: Runtime, args: readonly Value[]): Value => {
      const { values, options } = bind(runtime, plain, named, args);
      const { context, root, frames } = definer;
      const before = frames.current;
      const frame = around === null ? new Frame(null, false, false) : new Frame(before, false, true);
      frames.current = frame;
      const at: Activation = { runtime, context, frames, slots: makeSlots(scope.slots), outer: definer, root };
      const caller = options === null ? undefined : getKey(runtime, options, 'caller');
      if (caller !== undefined) frame.set('caller', caller);
      for (const [index, parameter] of plain.entries()) {
        at.slots[slots[index]!] = values[index]!;
        frame.set(parameter, values[index]!);
      }
      for (const [index, parameter] of named.entries()) {
        const given = options === null ? undefined : getKey(runtime, options, parameter);
        frame.set(parameter, given === undefined ? usual[index]!(at) : given);
      }
      const text = runtime.capture(() => body(at));
      frames.current = before;
      return new Markup(text);
    };
    return new Callable(name, (runtime, args) =>
      runtime.enter(() => {
        runtime.template = template;
        runtime.source = source;
        return run(runtime, args);
      }),
    );
  };
}

interface Bound {
  /** Arguments for the parameters without a default. */
  readonly values: readonly Value[];
  /** Arguments for the parameters with a default, and named arguments without a parameter. */
  readonly options: Dict | null;
}

/** Binds arguments as nunjucks does: positions may fill parameters with defaults, and names those without. */
function bind(runtime: Runtime, plain: readonly string[], named: readonly string[], args: readonly Value[]): Bound {
  runtime.spend(1 + plain.length + named.length);
  const last = args.at(-1);
  const given = isNamed(runtime, last) ? last : null;
  const positional = given === null ? args : args.slice(0, -1);
  const count = positional.length;
  const values = plain.map((name, index) => {
    if (index < count) return positional[index]!;
    return given === null ? nothing : orNothing(getKey(runtime, given, name));
  });
  if (count <= plain.length) return { values, options: given };
  const options = new Dict();
  if (given !== null) for (const [key, value] of given.map) options.map.set(key, value);
  for (const [index, value] of positional.slice(plain.length).entries()) {
    const name = named[index];
    if (name !== undefined) options.setPlain(name, value);
  }
  return { values, options };
}

/** Assigns a `set`; a name that is known while compiling gets the value in its slot too. */
export function compileAssignment(name: string, scope: Scope): (at: Activation, value: Value) => void {
  const place = placeOf(scope, name);
  return (at, value) => {
    if (place !== null) activationAt(at, place.hops).slots[place.slot] = value;
    at.frames.current.assign(name, value);
    if (!at.frames.current.isTop) return;
    at.context.vars.set(name, value);
    if (!name.startsWith('_')) at.context.exported.add(name);
  };
}
