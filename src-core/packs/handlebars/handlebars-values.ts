import type { JsonObject } from '../../contract/shared.ts';
import { jinjaMember } from '../text/jinja-source.ts';
import { isMapping } from '../text/read-yaml.ts';

/** Jinja of a value, and what is known of it. */
export interface Value {
  readonly source: string;
  readonly schema?: JsonObject | undefined;
  /** Whether it is an input itself, whose `null` counts as absent here. */
  readonly isInput?: boolean;
  /** Of an input: whether it may be absent. */
  readonly isOptional?: boolean;
}

export type Shape = 'array' | 'object' | 'boolean' | 'scalar' | 'unknown';

export function typesOf(schema: JsonObject | undefined): readonly unknown[] {
  const type = schema?.type;
  return Array.isArray(type) ? type : type === undefined ? [] : [type];
}

export function shapeOf(schema: JsonObject | undefined): Shape {
  const [type, ...more] = typesOf(schema).filter((each) => each !== 'null');
  if (more.length > 0) return 'unknown';
  if (type === 'array' || type === 'object' || type === 'boolean') return type;
  if (type === 'string' || type === 'number' || type === 'integer' || schema?.enum !== undefined) return 'scalar';
  return isMapping(schema?.properties) ? 'object' : 'unknown';
}

/** The value, or something empty in its place where it may be absent: Handlebars looks into nothing and finds nothing. */
export function presentOf({ source, schema, isInput = false, isOptional = false }: Value, empty: '{}' | '[]'): string {
  return isOptional || (!isInput && typesOf(schema).includes('null')) ? `(${source} or ${empty})` : source;
}

/** A member as JavaScript finds it: of a list also its length. */
export function memberOf(value: Value, key: string): Value {
  const { schema } = value;
  const shape = shapeOf(schema);
  const source = presentOf(value, shape === 'array' || key === 'length' ? '[]' : '{}');
  const properties = isMapping(schema?.properties) ? (schema.properties as Readonly<Record<string, unknown>>) : {};
  if (key === 'length' && shape !== 'object') return { source: `(${source} | length)`, schema: { type: 'integer' } };
  const inner = shape === 'array' ? schema?.items : Object.hasOwn(properties, key) ? properties[key] : undefined;
  return { source: jinjaMember(source, key), schema: isMapping(inner) ? (inner as JsonObject) : undefined };
}

/** The value of an item of a list, or of a member of an object whose keys are not known. */
export function itemOf({ schema }: Value, source: string): Value {
  const inner = shapeOf(schema) === 'array' ? schema?.items : schema?.additionalProperties;
  return { source, schema: isMapping(inner) ? (inner as JsonObject) : undefined };
}

/** The condition that is true where JavaScript takes the value for true; an empty list is false to Handlebars too. */
export function truthOf({ source, schema }: Value): string {
  return shapeOf(schema) === 'object' ? `(${source} is defined and ${source} is not none)` : source;
}

/** Prints a value as JavaScript does. */
export function printOf({ source, schema, isInput = false }: Value): string {
  const shape = shapeOf(schema);
  if (shape === 'boolean') return `{{ ${source} | lower }}`;
  if (shape === 'array') return `{{ ${source} | join(",") }}`;
  const mayBeNull = !isInput && typesOf(schema).includes('null');
  return mayBeNull ? `{{ ${source} if ${source} is not none }}` : `{{ ${source} }}`;
}
