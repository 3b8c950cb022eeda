import type { Json, JsonObject } from '../../contract/shared.ts';
import { isMapping } from '../text/read-yaml.ts';

/** A property as both versions write it: an input, a member of an output, an argument of a tool. */
export interface Property {
  readonly name: string;
  /** All but the name; of a shorthand `{default}`. */
  readonly facts: JsonObject;
}

/** Properties of a list with names or of a mapping by names; a value that is no mapping is a default. */
export function readProperties(value: unknown): readonly Property[] {
  if (Array.isArray(value))
    return value.filter(isMapping).flatMap(({ name, ...facts }): readonly Property[] => {
      return typeof name === 'string' && name.trim() !== '' ? [{ name, facts: facts as JsonObject }] : [];
    });
  if (!isMapping(value)) return [];
  return Object.entries(value).map(([name, facts]) => ({
    name,
    facts: (isMapping(facts) ? facts : { default: facts }) as JsonObject,
  }));
}

const jsonTypes: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'integer',
  float: 'number',
  number: 'number',
  boolean: 'boolean',
  array: 'array',
  list: 'array',
  object: 'object',
};

/** JSON Schema of an object with these properties. */
export function schemaOfProperties(properties: readonly Property[]): JsonObject {
  const required = properties.filter(({ facts }) => facts.required === true).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map(({ name, facts }) => [name, schemaOf(facts)])),
    ...(required.length > 0 && { required }),
  };
}

function schemaOf(facts: JsonObject): JsonObject {
  const kind = typeof facts.kind === 'string' ? facts.kind : typeof facts.type === 'string' ? facts.type : '';
  const type = Object.hasOwn(jsonTypes, kind) ? jsonTypes[kind] : undefined;
  const { description, default: given, enumValues, items, properties } = facts;
  const inner = type === 'object' && properties !== undefined ? schemaOfProperties(readProperties(properties)) : {};
  return {
    ...inner,
    ...(type !== undefined && { type }),
    ...(typeof description === 'string' && { description }),
    ...(given !== undefined && { default: given }),
    ...(Array.isArray(enumValues) && { enum: enumValues }),
    ...(type === 'array' && isMapping(items) && { items: schemaOf(items as JsonObject) }),
  };
}

const kinds: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'integer',
  number: 'float',
  boolean: 'boolean',
  array: 'array',
  object: 'object',
};

/** The properties of which `schemaOfProperties` makes this schema; null when it says more than properties can. */
export function propertiesOfSchema(schema: JsonObject): readonly JsonObject[] | null {
  const { type, properties, required, ...others } = schema;
  if (type !== 'object' || !isMapping(properties) || Object.keys(others).length > 0) return null;
  const needed = Array.isArray(required) ? required : [];
  const written: JsonObject[] = [];
  for (const [name, property] of Object.entries(properties)) {
    const facts = factsOf(property as Json);
    if (facts === null) return null;
    written.push({ name, ...facts, ...(needed.includes(name) && { required: true }) });
  }
  return written;
}

function factsOf(schema: Json | undefined): JsonObject | null {
  if (!isMapping(schema)) return null;
  const {
    type,
    description,
    default: given,
    enum: values,
    items,
    properties,
    required,
    ...others
  } = schema as JsonObject;
  if (Object.keys(others).length > 0 || typeof type !== 'string' || !Object.hasOwn(kinds, type)) return null;
  const inner =
    type === 'object' && properties !== undefined
      ? propertiesOfSchema({ type, properties, ...(required !== undefined && { required }) })
      : undefined;
  const item = items === undefined ? undefined : factsOf(items);
  if (inner === null || item === null || (type !== 'object' && (properties ?? required) !== undefined)) return null;
  return {
    kind: kinds[type]!,
    ...(description !== undefined && { description }),
    ...(given !== undefined && { default: given }),
    ...(values !== undefined && { enumValues: values }),
    ...(item !== undefined && { items: item }),
    ...(inner !== undefined && { properties: inner }),
  };
}
