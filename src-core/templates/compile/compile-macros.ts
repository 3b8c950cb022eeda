import { typeFailure } from '../runtime/diagnostics.ts';
import { Frame, undefinedName } from '../runtime/execution/frame.ts';
import type { Runtime } from '../runtime/execution/runtime.ts';
import { Callable, Dict, Markup, type Named, Tuple, Undefined, type Value } from '../runtime/values.ts';
import { syntaxFailure } from '../syntax/located-failure.ts';
import type { CallBlockNode, MacroNode } from '../syntax/nodes.ts';
import { analyzeBody, analyzeSignature } from '../syntax/symbols.ts';
import { undeclaredNames } from '../syntax/walk.ts';
import { compileCall } from './compile-calls.ts';
import { compileExpression } from './compile-expressions.ts';
import { compileEntry, type Execute, innerScope, newFunction, normal, type Scope } from './compile-scope.ts';
import { blockResult, compileBody } from './compile-statements.ts';
import { compileTarget } from './compile-targets.ts';

/** Makes the macro's value in the frame where it is defined. */
type MakeMacro = (frame: Frame) => Callable;

export function compileMacro(statement: MacroNode, scope: Scope): Execute {
  const make = compileMacroBody(statement, statement.name, scope);
  const assign = compileTarget({ ...statement, kind: 'name', name: statement.name }, scope, scope.isTop);
  return (frame) => {
    assign(frame, make(frame));
    return normal;
  };
}

/** `call`: the body becomes the macro `caller` of the macro that is called. */
export function compileCallBlock(statement: CallBlockNode, scope: Scope): Execute {
  const make = compileMacroBody(statement, 'None', scope);
  const { call } = statement;
  const site = scope.builder.site(statement);
  const run = compileCall(call, scope, make);
  return (frame) => {
    frame.runtime.at = statement.start;
    frame.runtime.write(blockResult('call', run(frame)), site);
    return normal;
  };
}

interface Parameters {
  readonly names: readonly string[];
  readonly slots: readonly number[];
  readonly defaults: readonly ((frame: Frame) => Value)[];
  /** Slots of the special names that the body reads; null for those that it does not. */
  readonly caller: number | null;
  readonly kwargs: number | null;
  readonly varargs: number | null;
  readonly hasExplicitCaller: boolean;
}

function compileMacroBody(statement: MacroNode | CallBlockNode, name: string, outer: Scope): MakeMacro {
  const functions = newFunction(outer.functions);
  const scope = innerScope(outer, { functions, checksParent: false });
  analyzeSignature(scope.symbols, statement.signature);
  analyzeBody(scope.symbols, statement.body);
  const parameters = declareParameters(statement, scope);
  const enter = compileEntry(scope);
  const run = compileBody(statement.body, scope);
  const { template, source } = { template: outer.builder.name, source: outer.builder.source };
  const attributes = macroAttributes(name, parameters);
  return (outerFrame) => {
    const call = (runtime: Runtime, args: Value[], named: Named): Value => {
      const frame = new Frame(runtime, outerFrame.context, outerFrame, functions[0]!.size());
      const text = runtime.enter(() => {
        runtime.template = template;
        runtime.source = source;
        enter(frame);
        bindMacro(frame, name, parameters, args, named);
        return runtime.capture(() => run(frame));
      });
      return runtime.escapes ? new Markup(text) : text;
    };
    return new Callable(name === 'None' ? '<Macro anonymous>' : `<Macro '${name}'>`, call, attributes);
  };
}

function declareParameters(statement: MacroNode | CallBlockNode, scope: Scope): Parameters {
  const { params, defaults } = statement.signature;
  const names = params.map((param) => param.name);
  const special = undeclaredNames(statement.body, ['caller', 'kwargs', 'varargs']);
  const slotOf = (name: string) => scope.symbols.slots.slotOf(scope.symbols.declareParameter(name).id);
  const callerAt = names.indexOf('caller');
  if (special.has('caller') && callerAt !== -1 && callerAt < names.length - defaults.length) {
    throw syntaxFailure('The parameter "caller" needs a default.', statement.start, statement.end);
  }
  const slots = names.map(slotOf);
  const slotIfRead = (name: string) => (special.has(name) && !names.includes(name) ? slotOf(name) : null);
  return {
    names,
    slots,
    defaults: defaults.map((usual) => compileExpression(usual, scope)),
    caller: slotIfRead('caller'),
    kwargs: slotIfRead('kwargs'),
    varargs: slotIfRead('varargs'),
    hasExplicitCaller: callerAt !== -1,
  };
}

function macroAttributes(name: string, parameters: Parameters): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['name', name],
    ['arguments', new Tuple(parameters.names.slice())],
    ['catch_kwargs', parameters.kwargs !== null],
    ['catch_varargs', parameters.varargs !== null],
    ['caller', parameters.caller !== null || parameters.hasExplicitCaller],
  ]);
}

/** Puts arguments and defaults into the slots of a call's frame. */
function bindMacro(frame: Frame, name: string, parameters: Parameters, args: readonly Value[], named: Named): void {
  const { names, slots, defaults } = parameters;
  frame.runtime.spend(1 + names.length);
  const rest = new Map(named ?? []);
  names.forEach((parameter, index) => {
    if (index < args.length) frame.slots[slots[index]!] = args[index]!;
    else if (rest.has(parameter)) {
      frame.slots[slots[index]!] = rest.get(parameter)!;
      rest.delete(parameter);
    } else frame.slots[slots[index]!] = undefined;
  });
  if (parameters.caller !== null) {
    const caller = rest.get('caller');
    frame.slots[parameters.caller] =
      caller === undefined ? new Undefined('There is no caller: the macro was not called by "call".') : caller;
    rest.delete('caller');
  }
  bindRest(frame, name, parameters, args, rest);
  names.forEach((parameter, index) => {
    const slot = slots[index]!;
    if (frame.slots[slot] !== undefined) return;
    const usual = defaults[index - names.length + defaults.length];
    frame.slots[slot] = usual === undefined ? undefinedName(parameter) : usual(frame);
  });
}

function bindRest(
  frame: Frame,
  name: string,
  parameters: Parameters,
  args: readonly Value[],
  rest: ReadonlyMap<string, Value>,
): void {
  if (parameters.kwargs !== null) {
    const dict = new Dict();
    for (const [key, value] of rest) dict.setPlain(key, value);
    frame.slots[parameters.kwargs] = dict;
  } else if (rest.size > 0) {
    throw typeFailure(`The macro "${name}" has no parameter "${[...rest.keys()][0]}".`);
  }
  const count = parameters.names.length;
  if (parameters.varargs !== null) frame.slots[parameters.varargs] = new Tuple(args.slice(count));
  else if (args.length > count)
    throw typeFailure(`The macro "${name}" takes at most ${count} arguments, but got ${args.length}.`);
}
