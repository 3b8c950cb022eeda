import type { Json, JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';

const scalars = ['string', 'number', 'integer', 'boolean', 'any', 'null'];
/** Levels of a schema; the content takes no deeper one. */
const deepest = 30;

/** A field of Picoschema, as in `size?(enum, how large): [small, large]`. */
export interface PicoField {
  readonly name: string;
  readonly isOptional: boolean;
  readonly description: string;
  readonly schema: JsonObject;
}

/** JSON Schema of a Picoschema, or the schema itself where it is one already; null where it is none. */
export function readPicoschema(schema: unknown, losses: Losses, where: string): JsonObject | null {
  if (typeof schema === 'string') return typedSchema(schema, losses, where);
  if (!isMapping(schema)) return null;
  if (isJsonSchema(schema)) return { ...(schema.type === undefined && { type: 'object' }), ...(schema as JsonObject) };
  return objectSchema(picoFields(schema, losses, where), schema, losses, where, 1);
}

/** The fields of an object, of Picoschema or of JSON Schema; null where the schema is of no object. */
export function fieldsOf(schema: unknown, losses: Losses, where: string): readonly PicoField[] | null {
  if (!isMapping(schema)) return null;
  if (!isJsonSchema(schema)) return picoFields(schema, losses, where);
  const { properties, required } = schema;
  if (!isMapping(properties)) return null;
  return Object.entries(properties).map(([name, property]) => {
    const { description: about, ...own } = isMapping(property) ? (property as JsonObject) : {};
    const description = typeof about === 'string' ? about : '';
    const isOptional = !(Array.isArray(required) && required.includes(name));
    return { name, isOptional, description, schema: own };
  });
}

/** As npm `dotprompt` tells them apart: by a `type` that JSON Schema knows, or by `properties`. */
function isJsonSchema({ type, properties }: Readonly<Record<string, unknown>>): boolean {
  return (typeof type === 'string' && [...scalars, 'object', 'array'].includes(type)) || isMapping(properties);
}

function picoFields(
  schema: Readonly<Record<string, unknown>>,
  losses: Losses,
  where: string,
  depth = 1,
): readonly PicoField[] {
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === '(*)') return [];
    const [, written = '', bracket] = /^([^(]*)(?:\((.*)\))?\s*$/s.exec(key) ?? [null, key, undefined];
    const isOptional = written.trim().endsWith('?');
    const name = written.trim().replace(/\?$/, '');
    const place = where === '' ? name : `${where}.${name}`;
    if (bracket === undefined) {
      const inner = valueSchema(value, losses, place, depth + 1);
      const { description = '', ...rest } = inner;
      return [{ name, isOptional, description: String(description), schema: rest }];
    }
    const [type, description] = described(bracket);
    return [{ name, isOptional, description, schema: bracketSchema(type, value, losses, place, depth + 1) }];
  });
}

/** `(array)`, `(object)` and `(enum)` behind a name. */
function bracketSchema(type: string, value: unknown, losses: Losses, where: string, depth: number): JsonObject {
  if (type === 'array') return { type: 'array', items: valueSchema(value, losses, where, depth) };
  if (type === 'object') return valueSchema(value, losses, where, depth);
  if (type === 'enum' && Array.isArray(value)) return { enum: value as Json[] };
  losses.add('approximated', 'schema', where, `"(${type})" is no type of Picoschema; any value is taken.`);
  return {};
}

function valueSchema(value: unknown, losses: Losses, where: string, depth: number): JsonObject {
  if (depth > deepest) {
    losses.add(
      'approximated',
      'schema',
      where,
      `The schema nests more than ${deepest} levels deep; any value is taken.`,
    );
    return {};
  }
  if (typeof value === 'string') return typedSchema(value, losses, where) ?? {};
  if (isMapping(value)) return objectSchema(picoFields(value, losses, where, depth), value, losses, where, depth);
  losses.add('approximated', 'schema', where, 'It is neither a type nor a map of fields; any value is taken.');
  return {};
}

function objectSchema(
  fields: readonly PicoField[],
  source: Readonly<Record<string, unknown>>,
  losses: Losses,
  where: string,
  depth: number,
): JsonObject {
  const properties = Object.fromEntries(fields.map((field) => [field.name, propertyOf(field)]));
  const required = fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
  const others = source['(*)'];
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: others === undefined ? false : valueSchema(others, losses, `${where}.(*)`, depth + 1),
  };
}

/** What is optional may be null too. */
function propertyOf({ isOptional, description, schema }: PicoField): JsonObject {
  const nullable = !isOptional
    ? schema
    : typeof schema.type === 'string' && schema.type !== 'null'
      ? { ...schema, type: [schema.type, 'null'] }
      : Array.isArray(schema.enum) && !schema.enum.includes(null)
        ? { ...schema, enum: [...schema.enum, null] }
        : schema;
  return description === '' ? nullable : { ...nullable, description };
}

/** `type, description`; a word that is no type names a schema of a program. */
function typedSchema(text: string, losses: Losses, where: string): JsonObject | null {
  const [type, description] = described(text);
  const about: JsonObject = description === '' ? {} : { description };
  if (type === 'any') return about;
  if (scalars.includes(type)) return { type, ...about };
  losses.add(
    'unresolved',
    'schema',
    type,
    `The schema "${type}" of "${where}" is defined in a program; any value is taken.`,
  );
  return about;
}

function described(text: string): readonly [string, string] {
  const at = text.indexOf(',');
  return at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
