import { ownValue } from '../../contract/json.ts';
import type { Json } from '../../contract/shared.ts';
import type { Knowledge } from './knowledge.ts';

/** What is known of a value by its path. */
export interface Shape {
  /** As in a JSON Schema: `string`, `object` …; null when it is not known. */
  readonly type: string | null;
  readonly description: string;
  /** An example value; undefined when there is none. */
  readonly value: Json | undefined;
  /** Names of its members. */
  readonly members: readonly string[];
}

type Step = string | null;

/** Everything that declarations, schemas, defaults, the form, samples and other uses tell about a path like `documents[].title`. */
export function shapeOf(path: string, knowledge: Knowledge): Shape {
  const [name = '', ...steps] = stepsOf(path);
  const input = knowledge.inputs.find((candidate) => candidate.name === name);
  const whole = input?.type === 'messages' ? messagesSchema : input?.schema;
  const schema = steps.reduce<unknown>((at, step) => inSchema(at, step), whole);
  const given = [
    ownValue(knowledge.values, name ?? ''),
    input?.default,
    ...knowledge.samples.map((sample) => ownValue(sample, name ?? '')),
  ];
  const values = steps.reduce<readonly Json[]>(
    (at, step) => at.flatMap((value) => inValue(value, step)),
    given.filter((value) => value !== undefined).map(parsed),
  );
  const members = new Set([
    ...keysOf(property(schema, 'properties')),
    ...values.flatMap(keysOf),
    ...knowledge.usedPaths.flatMap((used) => memberAfter(used, path)),
  ]);
  const [value] = values;
  const inSchemaType = property(schema, 'type');
  // A list of objects is an `object` input whose schema says that it is a list.
  const declared = steps.length > 0 || inSchemaType === 'array' ? inSchemaType : input?.type;
  return {
    type: typeof declared === 'string' ? declared : value === undefined ? null : typeOf(value),
    description: steps.length === 0 ? (input?.description ?? '') : textOf(property(schema, 'description')),
    value,
    members: [...members],
  };
}

/** What an input of type `messages` is to a template. */
const messagesSchema = {
  type: 'array',
  items: { type: 'object', properties: { role: { type: 'string' }, content: {} } },
};

/** A name, then members; null is "any item". */
function stepsOf(path: string): readonly Step[] {
  return [...path.matchAll(/\[\]|[^.[\]]+/g)].map(([step]) => (step === '[]' ? null : step));
}

function inSchema(schema: unknown, step: Step): unknown {
  return step === null ? property(schema, 'items') : property(property(schema, 'properties'), step);
}

function inValue(value: Json, step: Step): readonly Json[] {
  if (step === null) return Array.isArray(value) ? (value as readonly Json[]).slice(0, 20) : [];
  const found = property(value, step);
  return found === undefined ? [] : [found as Json];
}

/** A form holds objects as JSON text while they are typed. */
function parsed(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function memberAfter(used: string, path: string): readonly string[] {
  const plain = used.replaceAll(/\[\d+\]/g, '[]');
  if (!plain.startsWith(`${path}.`)) return [];
  return /^[^.[]+/.exec(plain.slice(path.length + 1)) ?? [];
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;

const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
