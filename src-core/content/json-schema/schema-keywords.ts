import type { Json, JsonObject } from '../../contract/shared.ts';
import { isList, isObject, type SchemaRun } from './schema-run.ts';
import { numberClauses, textClauses } from './schema-scalars.ts';
import type { SchemaViolation } from './validate-json.ts';

/** What a schema found in a value. */
interface Findings {
  readonly violations: readonly SchemaViolation[];
  /** Properties and items that some subschema looked at, for `unevaluatedProperties` and `unevaluatedItems`. */
  readonly seen: ReadonlySet<string | number>;
}

interface Check {
  readonly run: SchemaRun;
  readonly schema: JsonObject;
  readonly path: string;
  readonly violations: SchemaViolation[];
  readonly seen: Set<string | number>;
}

/** Applies all keywords of a schema to a value. Throws a SchemaFault when that takes too long. */
export function checkKeywords(run: SchemaRun, schema: Json, value: Json, path: string): Findings {
  run.spend(1);
  if (schema === true || !isObject(schema)) {
    const violations = schema === false ? [{ path, message: 'is not allowed' }] : [];
    return { violations, seen: new Set() };
  }
  const check: Check = { run, schema, path, violations: [], seen: new Set() };
  // Long lists and maps in a schema are gone through for every value that they are about.
  for (const keyword of longKeywords) run.spend(sizeOf(schema[keyword]) >> 3);
  run.deeper(() => {
    applyReferences(check, value);
    if (run.refsStandAlone && typeof schema.$ref === 'string') return;
    checkAny(check, value);
    if (typeof value === 'number') for (const clause of numberClauses(schema, value)) fail(check, clause);
    if (typeof value === 'string') for (const clause of textClauses(run, schema, value)) fail(check, clause);
    if (isList(value)) checkList(check, value);
    if (isObject(value)) checkObject(check, value);
    applyCombinations(check, value);
    checkUnevaluated(check, value);
  });
  return check;
}

const longKeywords = [
  'type',
  'enum',
  'required',
  'patternProperties',
  'dependentRequired',
  'dependentSchemas',
  'dependencies',
] as const;

function sizeOf(value: Json | undefined): number {
  if (value === undefined) return 0;
  return isList(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
}

function fail({ violations, path }: Check, message: string): void {
  violations.push({ path, message });
}

/** Applies a subschema to the same value; what it finds counts. */
function apply(check: Check, schema: Json, value: Json): void {
  const found = checkKeywords(check.run, schema, value, check.path);
  check.violations.push(...found.violations.slice(0, maxShown));
  for (const key of found.seen) check.seen.add(key);
}

/** Nobody reads more than some; a long list of bad items would be copied at each level. */
const maxShown = 100;

/** Applies a subschema to a property or item. */
function applyInside(check: Check, schema: Json, value: Json, key: string | number): void {
  check.seen.add(key);
  const { violations } = checkKeywords(check.run, schema, value, joinPath(check.path, key));
  if (check.violations.length < maxShown) check.violations.push(...violations);
}

function joinPath(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

function applyReferences(check: Check, value: Json): void {
  for (const keyword of ['$ref', '$dynamicRef', '$recursiveRef']) {
    const reference = check.schema[keyword];
    if (typeof reference === 'string') apply(check, check.run.resolve(reference), value);
  }
}

function checkAny(check: Check, value: Json): void {
  const { type, enum: allowed, const: only } = check.schema;
  if (type !== undefined) {
    const wanted = (isList(type) ? type : [type]).map(String);
    if (!wanted.some((name) => hasType(value, name))) {
      fail(check, `must be of type ${wanted.map((name) => `"${name}"`).join(' or ')}, not "${typeOf(value)}"`);
    }
  }
  if (allowed !== undefined && isList(allowed) && !allowed.some((item) => isSame(check.run, item, value))) {
    fail(check, `must be one of ${listed(allowed)}`);
  }
  if (only !== undefined && !isSame(check.run, only, value)) fail(check, `must be ${shown(only)}`);
}

function hasType(value: Json, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : type === typeOf(value);
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return isList(value) ? 'array' : typeof value;
}

function checkList(check: Check, value: readonly Json[]): void {
  const { minItems, maxItems, uniqueItems, contains } = check.schema;
  if (typeof minItems === 'number' && value.length < minItems)
    fail(check, `must have at least ${minItems} items, not ${value.length}`);
  if (typeof maxItems === 'number' && value.length > maxItems)
    fail(check, `must have at most ${maxItems} items, not ${value.length}`);
  if (uniqueItems === true) checkUnique(check, value);
  applyItems(check, value);
  if (contains !== undefined) checkContains(check, contains, value);
}

function applyItems(check: Check, value: readonly Json[]): void {
  const { prefixItems, items, additionalItems } = check.schema;
  const first = isList(prefixItems ?? null)
    ? (prefixItems as readonly Json[])
    : isList(items ?? null)
      ? (items as readonly Json[])
      : [];
  const rest = first === items ? additionalItems : items;
  for (const [index, item] of value.entries()) {
    const schema = first[index] ?? rest;
    if (schema !== undefined) applyInside(check, schema, item, index);
  }
}

function checkUnique(check: Check, value: readonly Json[]): void {
  const known = new Map<string, number>();
  for (const [index, item] of value.entries()) {
    const text = canonical(check.run, item);
    const before = known.get(text);
    if (before !== undefined) {
      fail(check, `must not have the same item twice, as at ${before} and ${index}`);
      return;
    }
    known.set(text, index);
  }
}

function checkContains(check: Check, contains: Json, value: readonly Json[]): void {
  const { minContains, maxContains } = check.schema;
  const fitting = value.flatMap((item, index) => (isValid(check.run, contains, item) ? [index] : []));
  for (const index of fitting) check.seen.add(index);
  const least = typeof minContains === 'number' ? minContains : 1;
  if (fitting.length < least)
    fail(check, `must have ${least === 1 ? 'an item' : `${least} items`} that "contains" describes`);
  if (typeof maxContains === 'number' && fitting.length > maxContains)
    fail(check, `must have at most ${maxContains} items that "contains" describes, not ${fitting.length}`);
}

function checkObject(check: Check, value: JsonObject): void {
  const { required, minProperties, maxProperties, propertyNames } = check.schema;
  const keys = Object.keys(value);
  check.run.spend(keys.length);
  if (isList(required ?? null)) {
    for (const name of required as readonly Json[])
      if (!Object.hasOwn(value, String(name))) fail(check, `must have the property ${JSON.stringify(name)}`);
  }
  if (typeof minProperties === 'number' && keys.length < minProperties)
    fail(check, `must have at least ${minProperties} properties, not ${keys.length}`);
  if (typeof maxProperties === 'number' && keys.length > maxProperties)
    fail(check, `must have at most ${maxProperties} properties, not ${keys.length}`);
  for (const key of propertyNames === undefined ? [] : keys) {
    if (!isValid(check.run, propertyNames!, key)) fail(check, `must not have a property called ${JSON.stringify(key)}`);
  }
  applyProperties(check, value, keys);
  applyDependencies(check, value);
}

function applyProperties(check: Check, value: JsonObject, keys: readonly string[]): void {
  const { properties, patternProperties, additionalProperties } = check.schema;
  const own = isObject(properties) ? properties : {};
  const patterns = isObject(patternProperties) ? Object.entries(patternProperties) : [];
  for (const key of keys) {
    const matching = patterns.filter(([pattern]) => check.run.matches(pattern, key)).map(([, schema]) => schema);
    const schemas = Object.hasOwn(own, key) ? [own[key]!, ...matching] : matching;
    for (const schema of schemas) applyInside(check, schema, value[key]!, key);
    if (schemas.length > 0 || additionalProperties === undefined) continue;
    if (additionalProperties === false) fail(check, `must not have the property ${JSON.stringify(key)}`);
    else applyInside(check, additionalProperties, value[key]!, key);
  }
}

/** `dependencies` is what `dependentRequired` and `dependentSchemas` were up to draft 7. */
function applyDependencies(check: Check, value: JsonObject): void {
  for (const keyword of ['dependentRequired', 'dependentSchemas', 'dependencies'] as const) {
    const dependencies = check.schema[keyword];
    for (const [name, wanted] of isObject(dependencies) ? Object.entries(dependencies) : []) {
      if (!Object.hasOwn(value, name)) continue;
      const names = isList(wanted) ? wanted : typeof wanted === 'string' ? [wanted] : null;
      if (names === null) apply(check, wanted, value);
      for (const other of names ?? [])
        if (!Object.hasOwn(value, String(other)))
          fail(check, `must have the property ${JSON.stringify(other)}, because it has ${JSON.stringify(name)}`);
    }
  }
}

function applyCombinations(check: Check, value: Json): void {
  const { allOf, anyOf, oneOf, not, if: condition } = check.schema;
  if (isList(allOf ?? null)) for (const schema of allOf as readonly Json[]) apply(check, schema, value);
  if (isList(anyOf ?? null)) applyChoice(check, anyOf as readonly Json[], value, false);
  if (isList(oneOf ?? null)) applyChoice(check, oneOf as readonly Json[], value, true);
  if (not !== undefined && isValid(check.run, not, value)) fail(check, 'must not be what "not" describes');
  if (condition === undefined) return;
  const found = checkKeywords(check.run, condition, value, check.path);
  const holds = found.violations.length === 0;
  if (holds) for (const key of found.seen) check.seen.add(key);
  const then = holds ? check.schema.then : check.schema.else;
  if (then !== undefined) apply(check, then, value);
}

function applyChoice(check: Check, schemas: readonly Json[], value: Json, isOne: boolean): void {
  const found = schemas.map((schema) => checkKeywords(check.run, schema, value, check.path));
  const fitting = found.filter(({ violations }) => violations.length === 0);
  for (const { seen } of fitting) for (const key of seen) check.seen.add(key);
  if (isOne && fitting.length > 1)
    fail(check, `must fit exactly one of ${schemas.length} forms, but fits ${fitting.length}`);
  if (fitting.length > 0) return;
  const types = schemas.map((schema) => (isObject(schema) && typeof schema.type === 'string' ? schema.type : null));
  if (types.every((type) => type !== null && !hasType(value, type))) {
    fail(check, `must be of type ${types.map((type) => `"${type}"`).join(' or ')}, not "${typeOf(value)}"`);
    return;
  }
  const [nearest] = [...found].sort((a, b) => a.violations.length - b.violations.length);
  const [first] = nearest?.violations ?? [];
  const why = first === undefined ? '' : `: nearest, ${first.path === check.path ? 'it' : first.path} ${first.message}`;
  fail(check, `must fit ${isOne ? 'one' : 'any'} of ${schemas.length} forms${why}`);
}

function checkUnevaluated(check: Check, value: Json): void {
  const { unevaluatedProperties, unevaluatedItems } = check.schema;
  const schema = isList(value) ? unevaluatedItems : unevaluatedProperties;
  if (schema === undefined || typeof value !== 'object' || value === null) return;
  // What "additionalProperties" or "items" said about everything else counts as looked at.
  for (const [name, item] of Object.entries(value)) {
    const key = isList(value) ? Number(name) : name;
    if (check.seen.has(key)) continue;
    if (schema !== false) applyInside(check, schema, item, key);
    else
      fail(
        check,
        isList(value) ? `must not have an item at ${key}` : `must not have the property ${JSON.stringify(key)}`,
      );
  }
}

function isValid(run: SchemaRun, schema: Json, value: Json): boolean {
  return checkKeywords(run, schema, value, '').violations.length === 0;
}

function isSame(run: SchemaRun, left: Json, right: Json): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right;
  return canonical(run, left) === canonical(run, right);
}

/** The same text for values that are equal in JSON, whatever the order of their keys. */
function canonical(run: SchemaRun, value: Json): string {
  run.spend(1);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map((item) => run.deeper(() => canonical(run, item))).join()}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${run.deeper(() => canonical(run, value[key]!))}`).join()}}`;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function listed(values: readonly Json[]): string {
  const first = values.slice(0, 8).map(shown).join(', ');
  return values.length > 8 ? `${first} and ${values.length - 8} more` : first;
}
