import { charactersOf } from '../../src-core/contract/text-length.ts';

/** What zod says of one field of an input, as far as it matters here. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Facts that zod adds to the kinds of issues that it knows. */
interface Facts {
  readonly code?: unknown;
  readonly origin?: unknown;
  readonly format?: unknown;
  readonly expected?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: unknown;
  readonly values?: unknown;
  readonly options?: unknown;
  readonly keys?: unknown;
}

/** Where a field stands in the input: `prompts[0].content`. */
export function pathOf(issue: Issue): string {
  return keysOf(issue).reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, '');
}

/** One sentence that names the field, what it may be and what came; in our words, not in those of the library that checks it. */
export function describeIssue(operation: string, issue: Issue, input: unknown): string {
  const path = pathOf(issue);
  // The contract's own texts are whole sentences.
  if (issue.message.endsWith('.')) return path ? `"${path}": ${issue.message}` : issue.message;
  const field = path ? `"${path}"` : `The input of ${operation}`;
  const rule = ruleOf(issue as Facts, valueAt(input, keysOf(issue)));
  if (rule !== null) return `${field} ${rule}.`;
  return `${path ? `"${path}"` : 'The input'} of ${operation} is invalid: ${issue.message.replace(/^Invalid input: /, '')}.`;
}

function keysOf({ path }: Issue): readonly PropertyKey[] {
  return (path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
}

function valueAt(input: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.hasOwn(value, key) ? (value as Readonly<Record<PropertyKey, unknown>>)[key] : undefined;
  }, input);
}

function ruleOf(facts: Facts, value: unknown): string | null {
  switch (facts.code) {
    case 'too_big':
      return sizeRule('most', facts.origin, facts.maximum, facts.inclusive !== false, value);
    case 'too_small':
      return sizeRule('least', facts.origin, facts.minimum, facts.inclusive !== false, value);
    case 'invalid_type':
      if (value === undefined) return 'is missing';
      return typeof facts.expected === 'string' ? `must be ${kindOf(facts.expected)}, not ${shown(value)}` : null;
    case 'invalid_value':
      return Array.isArray(facts.values) ? `must be ${choices(facts.values)}, not ${shown(value)}` : null;
    case 'invalid_union':
      return Array.isArray(facts.options) ? `must be ${choices(facts.options)}, not ${shown(value)}` : null;
    case 'invalid_format':
      return formatRule(facts.format, value);
    case 'unrecognized_keys':
      return Array.isArray(facts.keys)
        ? `has no field ${facts.keys.map((key) => `"${String(key)}"`).join(', ')}`
        : null;
    default:
      return null;
  }
}

function sizeRule(end: 'most' | 'least', origin: unknown, limit: unknown, inclusive: boolean, value: unknown) {
  if (typeof limit !== 'number' && typeof limit !== 'bigint') return null;
  const count = limit.toLocaleString('en-US');
  const isOne = Number(limit) === 1;
  switch (origin) {
    case 'array':
    case 'set':
      if (end === 'least' && isOne) return 'needs at least one entry';
      return `${end === 'most' ? 'may have at most' : 'needs at least'} ${count} ${isOne ? 'entry' : 'entries'}${came(sizeOf(value))}`;
    case 'string':
      if (end === 'least' && isOne) return 'must not be empty';
      return `${end === 'most' ? 'may have at most' : 'needs at least'} ${count} ${isOne ? 'character' : 'characters'}${came(sizeOf(value))}`;
    case 'number':
    case 'int':
    case 'bigint': {
      const bound = inclusive ? `at ${end}` : end === 'most' ? 'less than' : 'more than';
      return `must be ${bound} ${count}${came(typeof value === 'number' ? value : null)}`;
    }
    default:
      return null;
  }
}

function sizeOf(value: unknown): number | null {
  if (typeof value === 'string') return charactersOf(value);
  return Array.isArray(value) ? value.length : null;
}

function came(amount: number | null): string {
  return amount === null ? '' : `, not ${amount.toLocaleString('en-US', { maximumFractionDigits: 20 })}`;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function kindOf(expected: string): string {
  return kinds[expected] ?? expected;
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'an id such as 0190cd7e-1d2f-7a3b-8c4d-5e6f7a8b9c0d',
  url: 'a web address',
  email: 'an e-mail address',
  datetime: 'a time such as 2026-01-31T10:00:00.000Z',
};

/** What breaks a pattern is not shown: a key may have been entered in the wrong field. */
function formatRule(format: unknown, value: unknown): string {
  const known = typeof format === 'string' ? formats[format] : undefined;
  return known === undefined ? 'does not have the form that it must have' : `must be ${known}, not ${shown(value)}`;
}

function choices(values: readonly unknown[]): string {
  const names = values.map((value) => JSON.stringify(value));
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

const mostShown = 60;

/** A value as it came, short. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > mostShown ? `${text.slice(0, mostShown - 1).toWellFormed()}…` : text;
}
