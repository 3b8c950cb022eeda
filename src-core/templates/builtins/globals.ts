import { isTrue } from '../runtime/compare.ts';
import { Failure, typeFailure } from '../runtime/diagnostics.ts';
import { bindArguments, needInteger, needText, parameters } from '../runtime/execution/arguments.ts';
import type { Runtime } from '../runtime/execution/runtime.ts';
import { printValue, reprValue } from '../runtime/print.ts';
import { Callable, Dict, Instance, type Named, Range, textOf, type Value } from '../runtime/values.ts';
import { updateDict } from './methods/dict.ts';
import { formatTime } from './strftime.ts';

type Call = (runtime: Runtime, args: Value[], named: Named) => Value;

function type(name: string, call: Call, shown = name): readonly [string, Value] {
  return [name, new Callable(`<class '${shown}'>`, call)];
}

function fixed(name: string, notation: string, run: (runtime: Runtime, args: Value[]) => Value): Call {
  const params = parameters(notation);
  return (runtime, args, named) => run(runtime, bindArguments(name, params, args, named));
}

const globals: ReadonlyMap<string, Value> = new Map<string, Value>([
  type('range', range),
  type('dict', (runtime, args, named) => {
    if (args.length > 1) throw typeFailure(`"dict" takes at most 1 argument, but got ${args.length}.`);
    const dict = new Dict();
    updateDict(runtime, dict, args[0], named);
    return dict;
  }),
  type('namespace', namespace, 'jinja2.utils.Namespace'),
  type('cycler', (_, args) => cycler(args), 'jinja2.utils.Cycler'),
  type(
    'joiner',
    fixed('joiner', "sep=', '", (runtime, [sep]) => joiner(runtime, sep!)),
    'jinja2.utils.Joiner',
  ),
  ['lipsum', new Callable('<function lipsum>', fixed('lipsum', 'n=5, html=true, min=20, max=100', lipsum))],
]);

const chatGlobals: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...globals,
  ['raise_exception', new Callable('<function raise_exception>', fixed('raise_exception', 'message', raise))],
  [
    'strftime_now',
    new Callable(
      '<function strftime_now>',
      fixed('strftime_now', 'format', (runtime, [format]) =>
        formatTime(runtime.now(), needText('strftime_now', format!)),
      ),
    ),
  ],
]);

/** Names that every template has. */
export function globalsFor(chatTemplate: boolean): ReadonlyMap<string, Value> {
  return chatTemplate ? chatGlobals : globals;
}

/** Names that are not inputs wherever they are read. */
export const globalNames: ReadonlySet<string> = new Set([
  ...chatGlobals.keys(),
  'loop',
  'self',
  'super',
  'caller',
  'varargs',
  'kwargs',
]);

function range(runtime: Runtime, args: Value[], named: Named): Range {
  if (named !== null || args.length < 1 || args.length > 3) throw typeFailure('"range" takes 1 to 3 int arguments.');
  const [first, second, third] = args.map((value) => needInteger('range', value));
  const made = second === undefined ? new Range(0, first!, 1) : new Range(first!, second, third ?? 1);
  if (third === 0) throw typeFailure('The step of "range" cannot be zero.');
  if (made.length > runtime.limits.range) throw runtime.exceeded('range');
  return made;
}

function namespace(runtime: Runtime, args: Value[], named: Named): Instance {
  if (args.length > 1) throw typeFailure(`"namespace" takes at most 1 argument, but got ${args.length}.`);
  const dict = new Dict();
  updateDict(runtime, dict, args[0], named);
  runtime.spend(dict.map.size);
  const variables = new Map<string, Value>();
  for (const [hashed, value] of dict.map) variables.set(textOf(dict.keyOf(hashed)) ?? String(hashed), value);
  return new Instance({
    type: 'namespace',
    variables,
    attribute: (name) => variables.get(name),
    print: (printing) => {
      const shown = new Dict();
      for (const [name, value] of variables) shown.setPlain(name, value);
      return `<Namespace ${reprValue(printing, shown)}>`;
    },
  });
}

function cycler(items: Value[]): Instance {
  if (items.length === 0) throw typeFailure('"cycler" needs at least one item.');
  let at = 0;
  const next = new Callable('<bound method Cycler.next>', () => {
    const item = items[at]!;
    at = (at + 1) % items.length;
    return item;
  });
  const reset = new Callable('<bound method Cycler.reset>', () => {
    at = 0;
    return null;
  });
  return new Instance({
    type: 'cycler',
    print: () => '<Cycler>',
    attribute: (name) => {
      if (name === 'next') return next;
      if (name === 'reset') return reset;
      if (name === 'current') return items[at]!;
      return name === 'pos' ? at : undefined;
    },
  });
}

function joiner(runtime: Runtime, separator: Value): Instance {
  let used = false;
  const text = printValue(runtime, separator);
  return new Instance({
    type: 'joiner',
    print: () => '<Joiner>',
    attribute: (name) => (name === 'sep' ? separator : name === 'used' ? used : undefined),
    call: () => {
      const shown = used ? text : '';
      used = true;
      return shown;
    },
  });
}

function raise(runtime: Runtime, [message]: Value[]): never {
  throw new Failure('raised', printValue(runtime, message!).slice(0, 2000));
}

const words = (
  'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua enim ad ' +
  'minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat'
).split(' ');

/** Random filler text: paragraphs of between `min` and `max` words. */
function lipsum(runtime: Runtime, [n, html, min, max]: Value[]): Value {
  const [count, least, most] = [needInteger('lipsum', n!), needInteger('lipsum', min!), needInteger('lipsum', max!)];
  if (least >= most) throw typeFailure('"lipsum" needs a "max" above its "min".');
  if (count * most > 20_000) throw runtime.exceeded('string');
  runtime.spend(Math.max(0, count) * Math.max(1, most));
  const paragraphs = Array.from({ length: Math.max(0, count) }, () => {
    const size = least + Math.floor(Math.random() * (most - least));
    const chosen = Array.from(
      { length: Math.max(1, size) },
      () => words[Math.floor(Math.random() * words.length)]!,
    ).join(' ');
    return `${chosen[0]!.toUpperCase()}${chosen.slice(1)}.`;
  });
  if (!isTrue(runtime, html!)) return paragraphs.join('\n\n');
  return paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
}
