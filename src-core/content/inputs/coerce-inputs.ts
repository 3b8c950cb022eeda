import type { InputDeclaration } from '../../contract/content.ts';
import { byCanonicalName } from '../../contract/input-name.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import { nearestName } from '../../templates/runtime/diagnostics.ts';
import { schemaFault, validateJson } from '../json-schema/validate-json.ts';
import { doubledKeyProblem } from './doubled-keys.ts';
import { locateJsonError } from './locate-json-error.ts';
import { readMessages } from './messages-value.ts';
import {
  firstInexact,
  isExactNumber,
  parseWrittenJson,
  plainJson,
  textJson,
  type WrittenJson,
} from './written-json.ts';

/** What is wrong with one input: it is absent, of the wrong type, not one of its values, or not what its schema says. */
export interface InputProblem {
  readonly kind: 'missing' | 'type' | 'enum' | 'schema' | 'declaration';
  readonly input: string;
  /** As in `number` or `one of "short", "long"`. */
  readonly expected: string;
  /** The value that came, as JSON cut to 60 characters; null when none came. */
  readonly received: string | null;
  /** One sentence that names the input, what was expected and what came. */
  readonly message: string;
}

export interface CoercedInputs {
  /** Every value to render with: declared ones in their type, undeclared ones as they came. */
  readonly values: Readonly<Record<string, Json>>;
  readonly problems: readonly InputProblem[];
}

/** Of a value, in messages. */
const shownLength = 60;

type Coercion =
  | { readonly value: Json }
  | { readonly kind: InputProblem['kind']; readonly expected: string; readonly detail?: string };

/**
 * Brings values (from a form, a file, the command line) into the types that a prompt declares, and reports every
 * problem at once. `null`, and empty text for anything but a string, count as absent.
 *
 * - `string`: text; a number or boolean becomes its JSON text.
 * - `number`: a finite number or its decimal text, as in `"3"`, `" 2.5 "`, `"1e3"`.
 * - `boolean`: `true`, `false` or these words in any case; `"yes"` and `1` are not booleans.
 * - `array<string>`: a list of scalars; text that starts with `[` is read as JSON, any other text as one item per
 *   line, without the blank lines.
 * - `object`: an object or its JSON text, checked against the declared JSON Schema; a list only when that schema's
 *   `type` is `array`.
 * - `enum`: one of the declared values, exactly.
 * - `messages`: a list of messages or its JSON text, each with a role and a content.
 */
export function coerceInputs(
  declarations: readonly InputDeclaration[],
  values: Readonly<Record<string, Json | undefined>>,
): CoercedInputs {
  const coerced = new Map<string, Json>();
  const problems: InputProblem[] = [];
  for (const [name, value] of Object.entries(byCanonicalName(values))) {
    if (value !== undefined) coerced.set(name, value);
  }
  const declared = new Set(declarations.map(({ name }) => name));
  for (const declaration of declarations) {
    const outcome = coerceOne(declaration, coerced.get(declaration.name));
    if ('problem' in outcome) problems.push(withOtherName(outcome.problem, [...coerced.keys()], declared));
    if ('value' in outcome && outcome.value !== undefined) coerced.set(declaration.name, outcome.value);
    else coerced.delete(declaration.name);
  }
  return { values: Object.fromEntries(coerced), problems };
}

/** A missing value may have come under a misspelt name. */
function withOtherName(problem: InputProblem, given: readonly string[], declared: ReadonlySet<string>): InputProblem {
  if (problem.kind !== 'missing') return problem;
  const meant = nearestName(
    problem.input,
    given.filter((name) => !declared.has(name)),
  );
  return meant === null ? problem : { ...problem, message: `${problem.message} Did you mean it by "${meant}"?` };
}

/** Problems of the declarations themselves: a default that does not fit, an enum without values, a broken schema, a name twice. */
export function checkDeclarations(declarations: readonly InputDeclaration[]): readonly InputProblem[] {
  const seen = new Set<string>();
  const problems: InputProblem[] = [];
  for (const declaration of declarations) {
    if (seen.has(declaration.name))
      problems.push(declarationProblem(declaration, 'one declaration', 'is declared twice'));
    seen.add(declaration.name);
    const fault =
      declaration.type === 'object' && declaration.schema !== undefined ? schemaFault(declaration.schema) : null;
    if (declaration.type === 'enum' && (declaration.values ?? []).length === 0) {
      problems.push(declarationProblem(declaration, 'a list of values', 'is an enum without values'));
    } else if (fault !== null) {
      problems.push(
        declarationProblem(declaration, 'a JSON Schema', `has a JSON Schema that cannot be used: ${fault}`),
      );
    } else if (!isAbsent(declaration, declaration.default)) {
      const outcome = coerceOne(declaration, undefined);
      if ('problem' in outcome) problems.push(outcome.problem);
    }
  }
  return problems;
}

function coerceOne(
  declaration: InputDeclaration,
  given: Json | undefined,
): { readonly value: Json | undefined } | { readonly problem: InputProblem } {
  const absent = isAbsent(declaration, given);
  const value = absent ? declaration.default : given;
  if (value === undefined || (absent && isAbsent(declaration, value))) {
    return declaration.required ? { problem: missingProblem(declaration) } : { value: undefined };
  }
  const coercion = coerce(declaration, value);
  if ('value' in coercion) return coercion;
  return { problem: problemOf(declaration, value, coercion, absent) };
}

function isAbsent(declaration: InputDeclaration, value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (declaration.type === 'string' || typeof value !== 'string' || value.trim() !== '') return false;
  // An enum may have an empty text as one of its values.
  return !(declaration.type === 'enum' && declaration.values?.includes(value));
}

function coerce(declaration: InputDeclaration, value: Json): Coercion {
  switch (declaration.type) {
    case 'string':
      return isScalar(value) ? { value: textOf(value) } : { kind: 'type', expected: 'string' };
    case 'number':
      return coerceNumber(value);
    case 'boolean':
      return coerceBoolean(value);
    case 'array<string>':
      return coerceList(value);
    case 'object':
      return coerceObject(value, declaration.schema);
    case 'enum':
      return coerceEnum(value, declaration.values ?? []);
    case 'messages':
      return coerceMessages(value);
  }
}

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

function coerceNumber(value: Json): Coercion {
  const wrong = { kind: 'type', expected: 'number' } as const;
  if (typeof value === 'number') return Number.isFinite(value) ? { value } : wrong;
  if (typeof value !== 'string' || !decimal.test(value.trim())) return wrong;
  const parsed = Number(value);
  if (!Number.isFinite(parsed)) return { ...wrong, detail: 'is too large' };
  if (!isExactNumber(value)) {
    return { ...wrong, detail: 'has more digits than a number keeps; declare it as a string' };
  }
  return { value: parsed };
}

function coerceBoolean(value: Json): Coercion {
  if (typeof value === 'boolean') return { value };
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word === 'true' || word === 'false') return { value: word === 'true' };
  return { kind: 'type', expected: 'boolean (true or false)' };
}

function coerceList(value: Json): Coercion {
  const wrong = { kind: 'type', expected: 'array<string>' } as const;
  if (typeof value === 'string' && !value.trimStart().startsWith('[')) {
    const lines = value.split(/\r?\n/).filter((line) => line.trim() !== '');
    return { value: lines };
  }
  const list = typeof value === 'string' ? parseJson(value, textJson) : value;
  if (list === undefined) return { ...wrong, detail: jsonFault(value) };
  if (!isList(list)) return wrong;
  const strange = list.findIndex((item) => !isScalar(item));
  if (strange !== -1) return { ...wrong, detail: `holds ${kindOf(list[strange] ?? null)} at position ${strange + 1}` };
  return { value: list.map((item) => textOf(item as Scalar)) };
}

function coerceObject(value: Json, schema: JsonObject | undefined): Coercion {
  const wrong = { kind: 'type', expected: 'object' } as const;
  const object = typeof value === 'string' ? parseJson(value, plainJson) : value;
  if (object === undefined) return { ...wrong, detail: jsonFault(value) };
  const inexact = typeof value === 'string' ? parseJson(value, firstInexact) : null;
  if (typeof inexact === 'string') {
    return { ...wrong, detail: `holds ${inexact}, which has more digits than a number keeps; write it in quotes` };
  }
  if (typeof object !== 'object' || object === null) return wrong;
  if (isList(object) && schema?.type !== 'array') return wrong;
  return schema === undefined ? { value: object } : checkSchema(object, schema);
}

function coerceMessages(value: Json): Coercion {
  const wrong = { kind: 'type', expected: 'messages (a list of objects with "role" and "content")' } as const;
  const list = typeof value === 'string' ? parseJson(value, plainJson) : value;
  if (list === undefined) return { ...wrong, detail: jsonFault(value) };
  if (!isList(list)) return wrong;
  const read = readMessages(list);
  return 'problem' in read ? { ...wrong, detail: read.problem } : { value: read.value as unknown as readonly Json[] };
}

/** Where a text stops being JSON; short texts show it by themselves. */
function jsonFault(value: Json): string {
  const at = typeof value === 'string' ? locateJsonError(value) : null;
  const doubled = typeof value === 'string' && at === null ? doubledKeyProblem(value) : null;
  if (doubled !== null) return `cannot be read: ${doubled}`;
  if (typeof value !== 'string' || at === null || value.length <= shownLength) return 'is not valid JSON';
  if (at === value.length) return 'is not valid JSON: it ends too early';
  const before = value.slice(0, at).split('\n');
  return `is not valid JSON: see line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

function checkSchema(object: Json, schema: JsonObject): Coercion {
  const outcome = validateJson(schema, object);
  const expected = 'object that follows its JSON Schema';
  if ('unusable' in outcome) {
    return { kind: 'declaration', expected, detail: `cannot be checked, because of its schema: ${outcome.unusable}` };
  }
  if (outcome.length === 0) return { value: object };
  const shown = outcome.slice(0, 3).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  const more = outcome.length > 3 ? ` and ${outcome.length - 3} more` : '';
  return { kind: 'schema', expected, detail: `does not: ${shown.join('; ')}${more}` };
}

function coerceEnum(value: Json, allowed: readonly string[]): Coercion {
  const text = isScalar(value) ? textOf(value) : null;
  if (text !== null && allowed.includes(text)) return { value: text };
  return { kind: 'enum', expected: listed(allowed) };
}

type Scalar = string | number | boolean;

function isScalar(value: Json): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function textOf(value: Scalar): string {
  return typeof value === 'string' ? value : String(value);
}

/** What is made of JSON text; undefined when it is none, or nests too deep. */
function parseJson(text: string, settle: (written: WrittenJson) => Json): Json | undefined {
  try {
    return settle(parseWrittenJson(text));
  } catch {
    return undefined;
  }
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** `one of "a", "b"`; of many values the first. */
function listed(values: readonly string[]): string {
  const first = values.slice(0, 10).map((value) => shorten(value));
  const more = values.length > 10 ? ` and ${values.length - 10} more` : '';
  return `one of ${first.join(', ')}${more}`;
}

function shorten(value: Json): string {
  const text = toJson(value);
  if (text.length <= shownLength) return text;
  // Half of a character that takes two units would not be one.
  return `${text.slice(0, shownLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function toJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return 'a value that nests too deep';
  }
}

function missingProblem(declaration: InputDeclaration): InputProblem {
  const expected = expectedOf(declaration);
  const message = `Input "${declaration.name}" is required: expected ${expected}, but no value came.`;
  return { kind: 'missing', input: declaration.name, expected, received: null, message };
}

function expectedOf(declaration: InputDeclaration): string {
  if (declaration.type !== 'enum') return declaration.type;
  return listed(declaration.values ?? []);
}

function declarationProblem(declaration: InputDeclaration, expected: string, clause: string): InputProblem {
  const message = `Input "${declaration.name}" ${clause}.`;
  return { kind: 'declaration', input: declaration.name, expected, received: null, message };
}

function problemOf(
  declaration: InputDeclaration,
  value: Json,
  failed: Exclude<Coercion, { readonly value: Json }>,
  isDefault: boolean,
): InputProblem {
  // A form holds JSON as text; what it says is easier to read than the text with its quotes escaped.
  const holdsJson = ['object', 'array<string>', 'messages'].includes(declaration.type);
  const isJson = typeof value === 'string' && holdsJson;
  const meant = isJson ? (parseJson(value, plainJson) ?? value) : value;
  const received = shorten(meant);
  const came = isDefault ? `its default ${received}` : received;
  const detail = failed.detail === undefined ? `came (${kindOf(meant)})` : `came, which ${failed.detail}`;
  const message = `Input "${declaration.name}": expected ${failed.expected}, but ${came} ${detail}.`;
  // A default that does not fit is a fault of the declaration, whatever value is given.
  const kind = isDefault ? 'declaration' : failed.kind;
  return { kind, input: declaration.name, expected: failed.expected, received, message };
}
