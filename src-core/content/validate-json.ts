import { type Schema, Validator } from '@cfworker/json-schema';
import type { Json, JsonObject } from '../contract/shared.ts';

/** How often a schema may be looked at in one validation: a schema can refer to itself in ways that never end. */
const schemaReads = 2_000_000;
/** Upper bound of the backtracking that all patterns of a schema may cause on one text. */
const patternSteps = 1e8;

/** One thing in a value that its JSON Schema does not allow. */
export interface SchemaViolation {
  /** As in `items[0].price`; empty for the value itself. */
  readonly path: string;
  /** One clause without the path, as in `must be of type "number", not "string"`. */
  readonly message: string;
}

/** The `schema` itself cannot be used; nothing was validated. */
export interface UnusableSchema {
  readonly unusable: string;
}

/**
 * Checks `value` against a JSON Schema (drafts 4 to 2020-12, local references only) that may come from a stranger: no
 * code is generated, and both endless references and costly patterns are refused instead of run.
 */
export function validateJson(schema: JsonObject, value: Json): readonly SchemaViolation[] | UnusableSchema {
  const patterns = collectPatterns(schema);
  const costly = patterns.find((pattern) => patternCost(pattern) === null);
  if (costly !== undefined)
    return { unusable: `the pattern ${JSON.stringify(costly)} is invalid or could take forever` };
  const longest = longestAllowedText(patterns);
  if (longestText(value) > longest)
    return { unusable: `its patterns are too costly for texts over ${longest} characters` };
  try {
    const validator = new Validator(meteredSchema(schema), draftOf(schema), false);
    return violationsOf(validator.validate(value).errors);
  } catch (thrown) {
    return { unusable: reasonOf(thrown) };
  }
}

class SchemaBudgetExceeded extends Error {}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof SchemaBudgetExceeded || thrown instanceof RangeError) return 'it refers to itself without end';
  return thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : 'it is malformed';
}

function draftOf(schema: JsonObject): '4' | '7' | '2019-09' | '2020-12' {
  const declared = typeof schema.$schema === 'string' ? schema.$schema : '';
  if (declared.includes('draft-04')) return '4';
  if (declared.includes('draft-07') || declared.includes('draft-06')) return '7';
  return declared.includes('2019-09') ? '2019-09' : '2020-12';
}

/** A copy (the validator writes marks into it) that counts every look and stops at the budget. */
function meteredSchema(schema: JsonObject): Schema {
  let reads = 0;
  const wrapped = new WeakMap<object, object>();
  const wrap = (target: object): object => {
    const known = wrapped.get(target);
    if (known !== undefined) return known;
    const proxy = new Proxy(target, {
      get(inner, key) {
        reads += 1;
        if (reads > schemaReads) throw new SchemaBudgetExceeded();
        const found: unknown = Reflect.get(inner, key);
        return typeof found === 'object' && found !== null ? wrap(found) : found;
      },
    });
    wrapped.set(target, proxy);
    return proxy;
  };
  return wrap(structuredClone(schema)) as Schema;
}

/** Keywords whose errors only repeat that a deeper one failed. */
const summaries = new Set([
  'properties',
  'items',
  'prefixItems',
  'additionalItems',
  '$ref',
  'allOf',
  'patternProperties',
]);

function violationsOf(
  errors: readonly { readonly keyword: string; readonly instanceLocation: string; readonly error: string }[],
): readonly SchemaViolation[] {
  const own = errors.filter((error) => !summaries.has(error.keyword));
  return (own.length > 0 ? own : errors).map((error) => ({
    path: pathOf(error.instanceLocation),
    message: clauseOf(error.error),
  }));
}

function pathOf(pointer: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

function clauseOf(error: string): string {
  const type = /^Instance type "(\w+)" is invalid\. Expected (.*)\.$/.exec(error);
  if (type !== null) return `must be of type ${type[2]}, not "${type[1]}"`;
  const missing = /^Instance does not have required property (".*")\.$/.exec(error);
  if (missing !== null) return `must have the property ${missing[1]}`;
  const clause = error.replace(/\.$/, '').replace(/^(Instance|String|Array) /, '');
  return clause.charAt(0).toLowerCase() + clause.slice(1);
}

function collectPatterns(schema: Json, found: string[] = []): string[] {
  if (typeof schema !== 'object' || schema === null) return found;
  if (isList(schema)) {
    for (const item of schema) collectPatterns(item, found);
    return found;
  }
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'pattern' && typeof value === 'string') found.push(value);
    if (key === 'patternProperties' && typeof value === 'object' && value !== null) found.push(...Object.keys(value));
    collectPatterns(value, found);
  }
  return found;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** How much a backtracking matcher may do at worst: 2^choices x length^repeats. */
interface PatternCost {
  readonly choices: number;
  readonly repeats: number;
}

/** Null when matching can be exponential in the text (a repeated group, a back reference, a look-around) or the pattern is invalid. */
function patternCost(pattern: string): PatternCost | null {
  try {
    new RegExp(pattern, 'u');
  } catch {
    return null;
  }
  const plain = pattern
    .replace(/\\[^k1-9]/g, '_')
    .replace(/\[[^\]]*\]/g, '_')
    .replaceAll('(?:', '(')
    .replace(/\{\d+\}/g, '')
    .replace(/([*+}])\?/g, '$1');
  if (/\\[k1-9]|\(\?|\)[*+{]/.test(plain)) return null;
  const repeats = (plain.match(/[*+{]/g)?.length ?? 0) + (plain.startsWith('^') ? 0 : 1);
  return { choices: plain.match(/[?|]/g)?.length ?? 0, repeats };
}

function longestAllowedText(patterns: readonly string[]): number {
  const lengths = patterns.map((pattern) => {
    const { choices, repeats } = patternCost(pattern) ?? { choices: 0, repeats: 0 };
    if (repeats <= 1 && choices <= 8) return Number.POSITIVE_INFINITY;
    return Math.floor((patternSteps / 2 ** choices) ** (1 / Math.max(1, repeats)));
  });
  return Math.min(Number.POSITIVE_INFINITY, ...lengths);
}

function longestText(value: Json): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((longest, [key, item]) => Math.max(longest, key.length, longestText(item)), 0);
}
