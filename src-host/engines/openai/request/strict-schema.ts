import { isPlainObject } from '../../../../src-core/contract/json.ts';
import type { Json, JsonObject } from '../../../../src-core/contract/shared.ts';

/**
 * Whether a schema can be sent with `strict`: every object requires all of its properties and allows no others, and all
 * keywords are supported by OpenAI, the most limited endpoint. For other schemas `strict` is omitted, because the
 * endpoint would refuse the request; the answer is checked either way.
 */
export function isStrict(schema: JsonObject): boolean {
  return schema.type === 'object' && !Object.hasOwn(schema, 'anyOf') && isStrictNode(schema);
}

/** Keywords without subschemas. */
const plain = new Set([
  '$schema',
  '$id',
  '$ref',
  'title',
  'description',
  'type',
  'enum',
  'const',
  'required',
  'additionalProperties',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
]);

function isStrictNode(schema: Json | undefined): boolean {
  if (!isPlainObject(schema)) return false;
  return (
    Object.entries(schema).every(([keyword, value]) => isStrictKeyword(keyword, value)) && hasClosedObjects(schema)
  );
}

function isStrictKeyword(keyword: string, value: Json): boolean {
  if (plain.has(keyword)) return true;
  if (keyword === 'items') return isStrictNode(value);
  if (keyword === 'anyOf') return Array.isArray(value) && value.every((each: Json) => isStrictNode(each));
  if (keyword === 'properties' || keyword === '$defs' || keyword === 'definitions')
    return isPlainObject(value) && Object.values(value).every(isStrictNode);
  return false;
}

function hasClosedObjects({ type, properties, required, additionalProperties }: JsonObject): boolean {
  const isOfObjects = type === 'object' || (Array.isArray(type) && type.includes('object')) || properties !== undefined;
  if (!isOfObjects) return true;
  if (additionalProperties !== false || !isPlainObject(properties)) return false;
  return Array.isArray(required) && Object.keys(properties).every((name) => required.includes(name));
}
