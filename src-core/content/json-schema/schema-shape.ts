import type { Json, JsonObject } from '../../contract/shared.ts';
import { isList, isObject, type SchemaRun } from './schema-run.ts';

const types: ReadonlySet<string> = new Set(['null', 'boolean', 'number', 'integer', 'string', 'array', 'object']);

type Shape =
  | 'count'
  | 'number'
  | 'bound'
  | 'text'
  | 'flag'
  | 'list'
  | 'names'
  | 'schema'
  | 'schemas'
  | 'schemaMap'
  | 'items';

/** What the value of each keyword must be; other keywords say nothing. */
const shapes: Readonly<Record<string, Shape>> = {
  ...shaped('count', 'minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains'),
  ...shaped('number', 'minimum maximum multipleOf'),
  ...shaped('bound', 'exclusiveMinimum exclusiveMaximum'),
  ...shaped('text', 'pattern format $ref $dynamicRef'),
  ...shaped('flag', 'uniqueItems'),
  ...shaped('list', 'enum'),
  ...shaped('names', 'required'),
  ...shaped(
    'schema',
    'additionalProperties additionalItems unevaluatedProperties unevaluatedItems propertyNames contains not if then else',
  ),
  ...shaped('schemas', 'allOf anyOf oneOf prefixItems'),
  ...shaped('schemaMap', 'properties patternProperties dependentSchemas $defs definitions'),
  ...shaped('items', 'items'),
};

function shaped(shape: Shape, names: string): Record<string, Shape> {
  return Object.fromEntries(names.split(' ').map((name) => [name, shape]));
}

const expected: Readonly<Record<Shape, string>> = {
  count: 'a whole number from 0',
  number: 'a number',
  bound: 'a number',
  text: 'a text',
  flag: 'true or false',
  list: 'a list',
  names: 'a list of names',
  schema: 'a schema',
  schemas: 'a list of schemas',
  schemaMap: 'an object of schemas',
  items: 'a schema or a list of schemas',
};

/** What is wrong with a schema whatever the value is, as a clause; null when nothing is. Throws a SchemaFault too. */
export function findSchemaFault(run: SchemaRun, schema: Json, path = ''): string | null {
  run.spend(1);
  if (typeof schema === 'boolean') return null;
  if (!isObject(schema)) return `${place(path)}is ${JSON.stringify(schema)?.slice(0, 40)}, not a schema`;
  for (const [keyword, value] of Object.entries(schema)) {
    const fault = run.deeper(() => faultOf(run, schema, keyword, value, path));
    if (fault !== null) return fault;
  }
  return null;
}

function faultOf(run: SchemaRun, schema: JsonObject, keyword: string, value: Json, path: string): string | null {
  const inner = path === '' ? keyword : `${path}.${keyword}`;
  if (keyword === 'type') return typeFault(value, path);
  const shape = Object.hasOwn(shapes, keyword) ? shapes[keyword] : undefined;
  // Up to draft 4 "required" was for the property that it stood in.
  if (shape === undefined || (keyword === 'required' && typeof value === 'boolean' && run.refsStandAlone)) return null;
  if (!hasShape(shape, value)) return `${place(path)}has a "${keyword}" that is not ${expected[shape]}`;
  if (keyword === 'multipleOf' && Number(value) <= 0) return `${place(path)}has a "multipleOf" that is not above 0`;
  if (keyword === '$ref' && typeof value === 'string') run.resolve(value);
  if (keyword === 'pattern' && typeof value === 'string') run.matches(value, '');
  if (keyword === 'patternProperties') for (const pattern of Object.keys(value as JsonObject)) run.matches(pattern, '');
  if (keyword === '$ref' || keyword === 'enum' || keyword === 'required') return null;
  if (run.refsStandAlone && typeof schema.$ref === 'string' && !/^(?:\$defs|definitions)$/.test(keyword)) return null;
  return childFault(run, shape, value, inner);
}

function childFault(run: SchemaRun, shape: Shape, value: Json, path: string): string | null {
  if (shape === 'schema' || (shape === 'items' && !isList(value))) return findSchemaFault(run, value, path);
  const children: (readonly [string, Json])[] = [];
  if (shape === 'schemas' || shape === 'items')
    children.push(...(value as readonly Json[]).map((child, index) => [`${path}[${index}]`, child] as const));
  if (shape === 'schemaMap')
    children.push(...Object.entries(value as JsonObject).map(([name, child]) => [`${path}.${name}`, child] as const));
  for (const [inner, child] of children) {
    const fault = findSchemaFault(run, child, inner);
    if (fault !== null) return fault;
  }
  return null;
}

function typeFault(value: Json, path: string): string | null {
  const names = isList(value) ? value : [value];
  const wrong = names.find((name) => typeof name !== 'string' || !types.has(name));
  if (wrong === undefined) return names.length > 0 ? null : `${place(path)}has an empty "type"`;
  return `${place(path)}has the type ${JSON.stringify(wrong)?.slice(0, 40)}; types are ${[...types].join(', ')}`;
}

function hasShape(shape: Shape, value: Json): boolean {
  const isSchema = (item: Json) => typeof item === 'boolean' || isObject(item);
  switch (shape) {
    case 'count':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0;
    case 'number':
      return typeof value === 'number';
    case 'bound':
      return typeof value === 'number' || typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
    case 'flag':
      return typeof value === 'boolean';
    case 'list':
      return isList(value);
    case 'names':
      return isList(value) && value.every((item) => typeof item === 'string');
    case 'schema':
      return isSchema(value);
    case 'schemas':
      return isList(value) && value.every(isSchema);
    case 'schemaMap':
      return isObject(value);
    case 'items':
      return isSchema(value) || (isList(value) && value.every(isSchema));
  }
}

const place = (path: string): string => (path === '' ? 'it ' : `its "${path}" `);
