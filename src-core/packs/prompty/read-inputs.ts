import type { Json, JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import type { InputDraft } from '../prompt-draft.ts';
import type { InputNames } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { type Property, readProperties, schemaOfProperties } from './properties.ts';

export type MediaKind = 'image' | 'audio' | 'file';

export interface ReadInputs {
  readonly inputs: readonly InputDraft[];
  /** Names of those that hold messages. */
  readonly threads: ReadonlySet<string>;
  /** Names of those that hold an image, an audio or a file. */
  readonly media: ReadonlyMap<string, MediaKind>;
  /** Values that the file gives as examples. */
  readonly examples: JsonObject;
  /** What inputs say that we have no home for, by their names. */
  readonly rest: JsonObject;
}

const known = new Set([
  ...['kind', 'type', 'default', 'description', 'required', 'enumValues', 'example', 'sample', 'items', 'properties'],
  'is_chat_history',
]);

const structured = new Set(['array', 'list', 'object', 'dict']);

export function readInputs(value: unknown, version: 'v1' | 'v2', names: InputNames, losses: Losses): ReadInputs {
  const inputs: InputDraft[] = [];
  const threads = new Set<string>();
  const media = new Map<string, MediaKind>();
  // Pairs, because an input may be called `__proto__`.
  const examples: [string, Json][] = [];
  const rest: [string, Json][] = [];
  for (const property of readProperties(value)) {
    const name = names.legal(property.name);
    if (inputs.some((input) => input.name === name)) continue;
    const { facts } = property;
    const kind = kindOf(facts);
    const input = { ...inputOf({ ...property, name }, kind, version), name };
    inputs.push(input);
    if (input.type === 'messages') threads.add(name);
    if (kind === 'image' || kind === 'audio' || kind === 'file') media.set(name, kind);
    const example = facts.example ?? facts.sample;
    if (example !== undefined && example !== null) examples.push([name, example]);
    const others = Object.fromEntries(Object.entries(facts).filter(([key]) => !known.has(key)));
    for (const key of Object.keys(others))
      losses.add(
        'kept',
        'unknown-key',
        `inputs.${property.name}.${key}`,
        'It is no key of the format. It is kept in the metadata.',
      );
    if (Object.keys(others).length > 0) rest.push([name, others]);
  }
  return { inputs, threads, media, examples: Object.fromEntries(examples), rest: Object.fromEntries(rest) };
}

function kindOf({ kind, type, is_chat_history: isHistory }: JsonObject): string {
  if (isHistory === true) return 'thread';
  return typeof kind === 'string' ? kind.toLowerCase() : typeof type === 'string' ? type.toLowerCase() : '';
}

/**
 * Version 1 takes an input for required unless it has a default, version 2 for optional unless it says otherwise. A list or
 * an object is required all the same: templates read members of it, and nothing has none.
 */
function inputOf({ name, facts }: Property, kind: string, version: 'v1' | 'v2'): InputDraft {
  const { default: given, description, enumValues, items, properties } = facts;
  const hasDefault = given !== undefined && given !== null;
  const isUsual = (version === 'v1' || structured.has(kind)) && !hasDefault;
  const required = typeof facts.required === 'boolean' ? facts.required : isUsual;
  const values = enumOf(enumValues, kind);
  return {
    name,
    required,
    ...(values !== null ? { type: 'enum', values } : typeOf(kind, given, items, properties)),
    ...(typeof description === 'string' && { description }),
    ...(hasDefault && { default: given }),
  };
}

function enumOf(values: Json | undefined, kind: string): (readonly string[] & string[]) | null {
  if (!Array.isArray(values) || values.length === 0 || !['', 'string'].includes(kind)) return null;
  return values.every((value) => typeof value === 'string') ? [...(values as readonly string[])] : null;
}

function typeOf(
  kind: string,
  given: Json | undefined,
  items: Json | undefined,
  properties: Json | undefined,
): Pick<InputDraft, 'type' | 'schema'> {
  switch (kind) {
    case 'integer':
    case 'float':
    case 'number':
      return { type: 'number' };
    case 'boolean':
    case 'bool':
      return { type: 'boolean' };
    case 'array':
    case 'list':
      if (isMapping(items) && kindOf(items as JsonObject) === 'string') return { type: 'array<string>' };
      return { type: 'object', schema: { type: 'array' } };
    case 'object':
    case 'dict':
      return {
        type: 'object',
        ...(properties !== undefined && { schema: schemaOfProperties(readProperties(properties)) }),
      };
    case 'thread':
      return { type: 'messages' };
    case '':
      return typeOfValue(given);
    default:
      return { type: 'string' };
  }
}

function typeOfValue(value: Json | undefined): Pick<InputDraft, 'type' | 'schema'> {
  if (typeof value === 'number') return { type: 'number' };
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (Array.isArray(value)) return { type: 'object', schema: { type: 'array' } };
  return { type: isMapping(value) ? 'object' : 'string' };
}
