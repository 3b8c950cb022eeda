import type { InputType } from '../../contract/content.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import { shapeOf, typesOf } from '../handlebars/handlebars-values.ts';
import type { Losses } from '../losses.ts';
import type { InputDraft } from '../prompt-draft.ts';
import type { InputNames } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { fieldsOf, type PicoField } from './picoschema.ts';

export interface SchemaInputs {
  readonly inputs: readonly InputDraft[];
  /** By the names of the file. */
  readonly schemas: ReadonlyMap<string, JsonObject>;
  /** Those that need not be given and have no default, by the names of the file. */
  readonly optional: ReadonlySet<string>;
}

/** Declarations of a schema's fields with their defaults; an input with a default need not be given. */
export function inputsOfSchema(
  schema: unknown,
  defaults: Readonly<Record<string, unknown>>,
  names: InputNames,
  losses: Losses,
): SchemaInputs {
  const fields = fieldsOf(schema, losses, '') ?? [];
  if (schema !== undefined && schema !== null && fields.length === 0 && !isMapping(schema))
    losses.add('unresolved', 'schema', String(schema), 'The schema of the inputs is defined in a program.');
  if (isMapping(schema) && schema['(*)'] !== undefined)
    losses.add('approximated', 'wildcard', '(*)', 'Inputs of any name are taken; here each has a declaration.');
  const known = new Set(fields.map(({ name }) => name));
  const others = Object.keys(defaults).filter((name) => !known.has(name));
  const all = [
    ...fields,
    ...others.map(
      (name): PicoField => ({ name, isOptional: true, description: '', schema: schemaOfValue(defaults[name]) }),
    ),
  ];
  return {
    inputs: all.map((field) => draftOf(field, defaults, names, losses)),
    schemas: new Map(all.map(({ name, schema: own }) => [name, own])),
    optional: new Set(
      all.filter(({ name, isOptional }) => isOptional && !hasDefault(defaults, name)).map(({ name }) => name),
    ),
  };
}

function hasDefault(defaults: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(defaults, name) && defaults[name] !== null && defaults[name] !== undefined;
}

function draftOf(
  { name, isOptional, description, schema }: PicoField,
  defaults: Readonly<Record<string, unknown>>,
  names: InputNames,
  losses: Losses,
): InputDraft {
  const given = hasDefault(defaults, name) ? (defaults[name] as Json) : undefined;
  const type = typeOfSchema(name, schema, losses);
  return {
    name: names.legal(name),
    type,
    required: !isOptional && given === undefined,
    description,
    ...(given !== undefined && { default: given }),
    ...(type === 'enum' && { values: (schema.enum as readonly Json[]).filter((value) => typeof value === 'string') }),
    ...(type === 'object' && schemaOfObject(schema)),
  };
}

/** The type of an input that a JSON Schema describes. */
export function typeOfSchema(name: string, schema: JsonObject, losses: Losses): InputType {
  const approximated = (type: InputType, why: string): InputType => {
    losses.add('approximated', 'type', name, why);
    return type;
  };
  if (Array.isArray(schema.enum)) {
    const isText = schema.enum.every((value) => typeof value === 'string' || value === null);
    if (isText && schema.enum.some((value) => typeof value === 'string')) return 'enum';
    return approximated('string', 'Only texts can be the values of a choice here.');
  }
  switch (shapeOf(schema)) {
    case 'array': {
      const items = isMapping(schema.items) ? (schema.items as JsonObject) : {};
      return typesOf(items).length === 1 && items.type === 'string' && items.enum === undefined
        ? 'array<string>'
        : 'object';
    }
    case 'object':
      return 'object';
    case 'boolean':
      return 'boolean';
    case 'scalar':
      return typesOf(schema).some((type) => type === 'number' || type === 'integer') ? 'number' : 'string';
    case 'unknown':
      return approximated('string', 'No type here takes any value; it is a text.');
  }
}

/** A schema that says more than the type does. */
export function schemaOfObject(schema: JsonObject): { readonly schema?: JsonObject } {
  const own = withoutNull(schema);
  const isMore = Object.keys(own).length > (own.type === 'object' ? 1 : 0);
  return isMore ? { schema: own } : {};
}

/** An absent value says here what null does there. */
function withoutNull(schema: JsonObject): JsonObject {
  const types = typesOf(schema).filter((type) => type !== 'null');
  return Array.isArray(schema.type) && types.length === 1 ? { ...schema, type: types[0] as Json } : schema;
}

function schemaOfValue(value: unknown): JsonObject {
  if (Array.isArray(value))
    return value.every((item) => typeof item === 'string')
      ? { type: 'array', items: { type: 'string' } }
      : { type: 'array' };
  if (isMapping(value)) return { type: 'object' };
  return { type: value === null || value === undefined ? 'string' : typeof value };
}
