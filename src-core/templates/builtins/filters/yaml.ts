import { toDouble } from '../../runtime/arithmetic.ts';
import { Failure, typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { createWriter, printValue } from '../../runtime/print.ts';
import { Dict, isFloat, isNumber, Tuple, textOf, typeName, Undefined, type Value } from '../../runtime/values.ts';

interface Yaml {
  readonly runtime: Runtime;
  readonly write: (piece: string) => void;
  readonly step: string;
}

/** Block-style YAML in the order of the keys, without a newline at its end. */
export function toYaml(runtime: Runtime, value: Value, indent: number): string {
  if (indent < 1 || indent > 16) throw typeFailure('"yaml" indents by 1 to 16 spaces.');
  const writer = createWriter(runtime);
  writeNode({ runtime, write: writer.write, step: ' '.repeat(indent) }, value, { text: '', by: indent }, 0);
  return writer.text();
}

/** What stands before each further line of a value, and by how much it is deeper than around that value. */
interface Margin {
  readonly text: string;
  readonly by: number;
}

/** Writes a value whose first line continues the current one. */
function writeNode(yaml: Yaml, value: Value, margin: Margin, depth: number): void {
  yaml.runtime.step();
  if (depth > yaml.runtime.limits.dataDepth) throw yaml.runtime.exceeded('dataDepth');
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : null;
  if (items !== null) {
    writeList(yaml, items, margin.text, depth);
    return;
  }
  if (value instanceof Dict) {
    writeDict(yaml, value, margin.text, depth);
    return;
  }
  yaml.write(scalar(yaml, value, margin));
}

function writeList(yaml: Yaml, items: readonly Value[], margin: string, depth: number): void {
  if (items.length === 0) {
    yaml.write('[]');
    return;
  }
  items.forEach((item, index) => {
    yaml.write(index === 0 ? '- ' : `\n${margin}- `);
    writeNode(yaml, item, { text: `${margin}  `, by: 2 }, depth + 1);
  });
}

function writeDict(yaml: Yaml, dict: Dict, margin: string, depth: number): void {
  if (dict.map.size === 0) {
    yaml.write('{}');
    return;
  }
  let first = true;
  for (const [hashed, value] of dict.map) {
    yaml.write(`${first ? '' : `\n${margin}`}${scalar(yaml, dict.keyOf(hashed), null)}:`);
    first = false;
    const isDict = value instanceof Dict && value.map.size > 0;
    const isList = (Array.isArray(value) && value.length > 0) || (value instanceof Tuple && value.items.length > 0);
    // As PyYAML does, a list under a key keeps the key's margin.
    const inner = isList ? margin : margin + yaml.step;
    yaml.write(isDict || isList ? `\n${inner}` : ' ');
    writeNode(yaml, value, { text: inner, by: yaml.step.length }, depth + 1);
  }
}

function scalar(yaml: Yaml, value: Value, margin: Margin | null): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isNumber(value)) return numberText(yaml.runtime, value);
  const text = textOf(value);
  if (text !== null) return textScalar(yaml, text, margin);
  if (value instanceof Undefined) throw new Failure('undefined', `${value.reason} YAML cannot hold it.`);
  throw typeFailure(`YAML cannot hold a ${typeName(value)}.`);
}

function numberText(runtime: Runtime, value: Value): string {
  if (!isFloat(value)) return printValue(runtime, value);
  const double = toDouble(value);
  // Without a point, YAML 1.1 takes an exponent for text.
  if (Number.isFinite(double)) return printValue(runtime, value).replace(/^(-?\d)e/, '$1.0e');
  return Number.isNaN(double) ? '.nan' : double < 0 ? '-.inf' : '.inf';
}

/** Text that YAML would read as something other than text. */
const ambiguous =
  /^(?:|~|null|true|false|yes|no|on|off|y|n|=|<<|[-+]?(?:\d[\d_,]*(?:[.:][\d_]*)*|\.\d+)(?:e[-+]?\d+)?|[-+]?\.inf|\.nan|\.|[-+]?0[xob][\da-f_]+|\d{4}-\d\d?-\d\d?.*)$/i;
const unsafeStart = /^[-?:](?:\s|$)|^(?:---|\.\.\.)|^[,[\]{}#&*!|>'"%@`\s]/;
const unsafeInside = /: |:$| #|\s$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these need escapes in YAML.
const needsEscapes = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

function textScalar(yaml: Yaml, text: string, margin: Margin | null): string {
  // Several patterns read it.
  yaml.runtime.look(4 * text.length);
  if (needsEscapes.test(text)) return quoted(text);
  if (text.includes('\n')) {
    // Empty lines at the end of a block are lost when nothing follows it.
    const isBlock = margin !== null && /\S/.test(text) && !text.endsWith('\n\n');
    return (isBlock ? literalBlock(yaml, text, margin) : null) ?? quoted(text);
  }
  if (ambiguous.test(text) || unsafeStart.test(text) || unsafeInside.test(text))
    return `'${text.replaceAll("'", "''")}'`;
  return text;
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\x9f\u2028\u2029\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Text of several lines as `|`, which keeps it readable in a prompt; null when no such block can hold it. */
function literalBlock(yaml: Yaml, text: string, margin: Margin): string | null {
  const keeps = text.endsWith('\n') ? '' : '-';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const inner = margin.text === '' ? yaml.step : margin.text;
  // A digit gives the indentation where the first line does not show it.
  const needsHint = lines[0] === '' || /^\s/.test(lines[0] ?? '');
  if (needsHint && margin.by > 9) return null;
  const hint = needsHint ? String(margin.by) : '';
  yaml.runtime.willMakeText(text.length + lines.length * inner.length);
  return `|${hint}${keeps}${lines.map((line) => `\n${line === '' ? '' : inner + line}`).join('')}`;
}
