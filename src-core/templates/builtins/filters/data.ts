import { isTrue } from '../../runtime/compare.ts';
import { bindArguments, needInteger, parameters, wrongArgument } from '../../runtime/execution/arguments.ts';
import { bound, type Operation, open } from '../../runtime/execution/operations.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Markup, Tuple, textOf, type Value } from '../../runtime/values.ts';
import { type JsonStyle, toJson } from './json.ts';
import { prettyPrint } from './pretty-print.ts';
import { toYaml } from './yaml.ts';

const jinjaStyle: JsonStyle = { indent: null, itemSeparator: ', ', keySeparator: ': ', sortKeys: true, ascii: true };
const plainStyle: JsonStyle = { ...jinjaStyle, sortKeys: false, ascii: false };
const chatParameters = parameters('ensure_ascii=false, indent=none, separators=none, sort_keys=false');
const jinjaParameters = parameters('indent=none');

/** Filters that write data as text. */
export const dataFilters: readonly (readonly [string, Operation])[] = [
  open('tojson', 'tojson(indent=none)', (runtime, value, args, named) => {
    if (!runtime.chatTemplate)
      return htmlSafeJson(runtime, value, bindArguments('tojson', jinjaParameters, args, named));
    return chatJson(runtime, value, bindArguments('tojson', chatParameters, args, named));
  }),
  bound('json', 'indent=none', (runtime, value, [indent]) => toJson(runtime, value, withIndent(plainStyle, indent!))),
  bound('dump', 'indent=none', (runtime, value, [indent]) => {
    return toJson(
      runtime,
      value,
      indent === null ? { ...plainStyle, itemSeparator: ',', keySeparator: ':' } : withIndent(plainStyle, indent!),
    );
  }),
  bound('yaml', 'indent=2', (runtime, value, [indent]) => toYaml(runtime, value, needInteger('yaml', indent!))),
  bound('pprint', '', (runtime, value) => prettyPrint(runtime, value)),
];

function withIndent(style: JsonStyle, indent: Value): JsonStyle {
  if (indent === null) return style;
  const text = textOf(indent) ?? ' '.repeat(Math.min(64, Math.max(0, needInteger('tojson', indent))));
  return { ...style, indent: text, itemSeparator: style.itemSeparator.trimEnd() };
}

function htmlSafeJson(runtime: Runtime, value: Value, [indent]: Value[]): Markup {
  const json = toJson(runtime, value, withIndent(jinjaStyle, indent!));
  const safe = json.replace(/[<>&']/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  runtime.willMakeText(safe.length);
  return new Markup(safe);
}

/** `tojson` as in Hugging Face's chat templates: without escapes for HTML. */
function chatJson(runtime: Runtime, value: Value, [ascii, indent, separators, sortKeys]: Value[]): string {
  const style = withIndent(
    { ...plainStyle, ascii: isTrue(runtime, ascii!), sortKeys: isTrue(runtime, sortKeys!) },
    indent!,
  );
  if (separators === null) return toJson(runtime, value, style);
  const pair = Array.isArray(separators) ? separators : separators instanceof Tuple ? separators.items : [];
  const item = textOf(pair[0] ?? null);
  const key = textOf(pair[1] ?? null);
  if (item === null || key === null) throw wrongArgument('tojson', 'separators that are two str', separators!);
  return toJson(runtime, value, { ...style, itemSeparator: item, keySeparator: key });
}
