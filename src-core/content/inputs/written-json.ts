import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { InputDeclaration } from '../../contract/content.ts';
import { byCanonicalName } from '../../contract/input-name.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import { refuseDeeper } from '../../nesting.ts';
import { doubledKeyProblem } from './doubled-keys.ts';

/** A number as its file has it, where JavaScript would print it otherwise, as `007`, `1.10` or `1234567890123456789`. */
export class WrittenNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** JSON, or YAML's core schema, whose numbers still have the digits that were written. */
export type WrittenJson =
  | null
  | boolean
  | number
  | string
  | WrittenNumber
  | readonly WrittenJson[]
  | { readonly [key: string]: WrittenJson };
export type WrittenObject = Readonly<Record<string, WrittenJson>>;

/** True for an object, and for neither a list nor a number that stands in one. */
export function isWrittenObject(value: WrittenJson | undefined): value is WrittenObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber);
}

/** Parses JSON in which no object has a key twice; throws as `JSON.parse` does, and a `RangeError` for what nests deeper than a call may. */
export function parseWrittenJson(text: string): WrittenJson {
  const value = readWrittenJson(text);
  const doubled = doubledKeyProblem(text);
  if (doubled !== null) throw new SyntaxError(`${doubled}.`);
  return value;
}

/** The same, where the last of two equal keys wins: for readers that tell of doubled keys themselves. */
export function readWrittenJson(text: string): WrittenJson {
  // Only these have numbers that print otherwise, and reading without looking at each value takes a fraction of the time.
  const plain = !/\d[.eE]|\d{16}|-0/.test(text);
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? written(value, context.source) : value;
  const value = (plain ? JSON.parse(text) : JSON.parse(text, revive)) as WrittenJson;
  refuseDeeper(value);
  return value;
}

/**
 * Parses YAML 1.2 without aliases, merges and custom tags. Throws an error whose message starts with what is wrong, and a
 * `RangeError` for what nests deeper than a call may.
 */
export function parseWrittenYaml(text: string): WrittenJson {
  const document = parseDocument(text, { schema: 'core', merge: false, uniqueKeys: true, prettyErrors: true });
  const [error] = document.errors;
  // The parser passes on as an error of the text that its own stack ended.
  if (error?.message.startsWith('Maximum call stack')) throw new RangeError(error.message);
  if (error !== undefined) throw error;
  const value = fromNode(document.contents);
  refuseDeeper(value);
  return value;
}

function fromNode(node: unknown): WrittenJson {
  if (isAlias(node)) throw new Error('It uses an alias (*name), which is not read here; write the value out.');
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [textOf(isScalar(key) ? fromNode(key) : String(key)), fromNode(value)]),
    );
  }
  if (isSeq(node)) return node.items.map(fromNode);
  if (!isScalar(node)) return null;
  const { value, source } = node;
  if (typeof value === 'number') return written(value, source ?? String(value));
  return typeof value === 'boolean' || typeof value === 'string' ? value : null;
}

const textOf = (key: WrittenJson): string => (key instanceof WrittenNumber ? key.source : String(key));

function written(value: number, source: string): number | WrittenNumber {
  return String(value) === source ? value : new WrittenNumber(source);
}

/** Plain JSON: each number is the nearest that JavaScript has. */
export function plainJson(value: WrittenJson): Json {
  return convert(value, ({ source }) => {
    const number = Number(source);
    // YAML has infinities, JSON does not.
    return Number.isFinite(number) ? number : source;
  });
}

/** Plain JSON whose numbers are texts, in the digits that were written. */
export function textJson(value: WrittenJson): Json {
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? value.map(textJson) : convert(value, ({ source }) => source);
}

export interface SettledValues {
  readonly values: JsonObject;
  /** A sentence for each object input with a number that JavaScript cannot hold. */
  readonly problems: readonly { readonly input: string; readonly message: string }[];
}

/**
 * Values for these inputs, whichever spelling their names have: where text is declared the digits as they were written, else numbers; a number that JavaScript
 * cannot hold stays text, so that coercion can say so and nothing is rounded in silence.
 */
export function settleValues(values: WrittenObject, inputs: readonly InputDeclaration[]): SettledValues {
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  const problems: { input: string; message: string }[] = [];
  const settled = Object.entries(byCanonicalName(values)).map(([name, value]): [string, Json] => {
    const type = types.get(name);
    if (type === 'string' || type === 'enum' || type === 'array<string>') return [name, textIn(value)];
    // All that a message holds is text.
    if (type === 'messages') return [name, digitsIn(value)];
    const inexact = type === 'object' ? firstInexact(value) : null;
    if (inexact !== null) {
      const message = `Input "${name}" holds ${inexact}, which has more digits than a number keeps; write it in quotes.`;
      problems.push({ input: name, message });
    }
    return [name, convert(value, exactOrText)];
  });
  return { values: Object.fromEntries(settled), problems };
}

/** The digits of numbers, also of those in a list; what is deeper is no text anyway. */
function textIn(value: WrittenJson): Json {
  const digits = (item: WrittenJson) =>
    item instanceof WrittenNumber || typeof item === 'number' ? textJson(item) : convert(item, exactOrText);
  return Array.isArray(value) ? value.map(digits) : digits(value);
}

/** The same at every depth. */
function digitsIn(value: WrittenJson): Json {
  if (Array.isArray(value)) return value.map(digitsIn);
  if (!isWrittenObject(value)) return textIn(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, digitsIn(item)]));
}

function exactOrText({ source }: WrittenNumber): Json {
  return isExactNumber(source) ? Number(source) : source;
}

/** The first number in an object that would lose digits. */
export function firstInexact(value: WrittenJson): string | null {
  if (value instanceof WrittenNumber) return isExactNumber(value.source) ? null : value.source;
  if (typeof value !== 'object' || value === null) return null;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    const found = firstInexact(item);
    if (found !== null) return found;
  }
  return null;
}

/** JSON with an indentation, its numbers in the digits that were written. */
export function indentedJson(value: WrittenJson, indent = ''): string {
  if (value instanceof WrittenNumber) return value.source;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const members = isList
    ? (value as readonly WrittenJson[]).map((item) => indentedJson(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${indentedJson(item, inner)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  return members.length === 0 ? open + close : `${open}\n${inner}${members.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** A person's JSON as a value that is kept whole: a number that would lose digits is told. */
export function parseExactJson(text: string): { readonly value: Json } | { readonly error: string } {
  let written: WrittenJson;
  try {
    written = parseWrittenJson(text);
  } catch (error) {
    return { error: `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const inexact = firstInexact(written);
  if (inexact === null) return { value: plainJson(written) };
  return { error: `${inexact} has more digits than a number keeps; write it in quotes.` };
}

function convert(value: WrittenJson, number: (written: WrittenNumber) => Json): Json {
  if (value instanceof WrittenNumber) return number(value);
  if (Array.isArray(value)) return value.map((item) => convert(item, number));
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item, number)]));
}

/** Whether a number keeps all digits of this text, so that it prints the same value again. */
export function isExactNumber(source: string): boolean {
  const number = Number(source);
  if (!Number.isFinite(number)) return false;
  const given = decimalOf(source);
  return given === null || given === decimalOf(String(number));
}

/** Sign, digits without outer zeros, and exponent: the same for all spellings of a value; null for hexadecimal and the like. */
function decimalOf(text: string): string | null {
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text.trim());
  if (parts === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const shift = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${shift}`;
}
