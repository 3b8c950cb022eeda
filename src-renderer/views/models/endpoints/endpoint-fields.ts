import { z } from 'zod';
import type { Endpoint } from '../../../../src-core/contract/models.ts';
import { longestTitle } from '../../../../src-core/contract/prompts.ts';
import { endpointDefaults } from '../../../../src-core/models/endpoint-defaults.ts';
import type { EndpointPreset } from '../../../../src-core/models/presets.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { longest, tooLong } from '../../../fields/too-long.ts';

export const endpointFieldsSchema = z.object({
  title: z.string(),
  baseUrl: z.string(),
  keyFrom: z.enum(['store', 'environment']),
  /** A new key; empty keeps the stored one. */
  key: z.string(),
  keyEnv: z.string(),
  maxConcurrency: z.string(),
  timeoutSeconds: z.string(),
  idleTimeoutSeconds: z.string(),
  maxRetries: z.string(),
});
/** What a person types to describe an endpoint; numbers as text until they are sent. */
export type EndpointFields = Readonly<z.infer<typeof endpointFieldsSchema>>;

/** The fields without the key, which is never stored in plain text. */
export function withoutKey(fields: EndpointFields): EndpointFields {
  return { ...fields, key: '' };
}

/** The fields of a preset or an existing endpoint. */
export function fieldsOf(source: EndpointPreset | Endpoint | null): EndpointFields {
  const endpoint = source !== null && 'id' in source ? source : null;
  const preset = source !== null && 'slug' in source ? source : null;
  const { maxConcurrency, timeoutMs, idleTimeoutMs, maxRetries } =
    endpoint ?? endpointDefaults(source?.baseUrl ?? '', preset?.slug ?? null);
  return {
    title: source?.title ?? '',
    baseUrl: source?.baseUrl ?? '',
    keyFrom: endpoint?.keyEnv ? 'environment' : 'store',
    key: '',
    keyEnv: endpoint?.keyEnv ?? '',
    maxConcurrency: String(maxConcurrency),
    timeoutSeconds: String(timeoutMs / 1_000),
    idleTimeoutSeconds: String(idleTimeoutMs / 1_000),
    maxRetries: String(maxRetries),
  };
}

const numbers = {
  maxConcurrency: [1, 256],
  timeoutSeconds: [1, 3_600],
  idleTimeoutSeconds: [1, 3_600],
  maxRetries: [0, 10],
} as const;

/** The fields with another address; timeouts that nobody changed become the defaults for that kind of server. */
export function withBaseUrl(fields: EndpointFields, baseUrl: string, preset: string | null): EndpointFields {
  const before = fieldsAsDefault(fields.baseUrl, preset);
  const after = fieldsAsDefault(baseUrl, preset);
  const untouched = (Object.keys(after) as (keyof typeof after)[]).filter((name) => fields[name] === before[name]);
  return { ...fields, ...Object.fromEntries(untouched.map((name) => [name, after[name]])), baseUrl };
}

function fieldsAsDefault(baseUrl: string, preset: string | null) {
  const { timeoutMs, idleTimeoutMs } = endpointDefaults(baseUrl.trim(), preset);
  return { timeoutSeconds: String(timeoutMs / 1_000), idleTimeoutSeconds: String(idleTimeoutMs / 1_000) };
}

/** The environment variable whose key would go to another origin and must be allowed again. */
export function variableThatMoves(fields: EndpointFields, endpoint: Endpoint): string | null {
  const variable = fields.keyFrom === 'environment' ? fields.keyEnv.trim() : null;
  if (variable === null || variable !== endpoint.keyEnv || !URL.canParse(fields.baseUrl.trim())) return null;
  return new URL(fields.baseUrl.trim()).origin === new URL(endpoint.baseUrl).origin ? null : variable;
}

type NumberField = keyof typeof numbers;

/** The sentences of what is wrong, by field. */
export type FieldProblems = Readonly<Partial<Record<keyof EndpointFields, string>>>;

type ReadFields =
  | {
      readonly kind: 'ok';
      readonly changes: {
        readonly title: string;
        readonly baseUrl: string;
        readonly keyEnv: string | null;
        readonly maxConcurrency: number;
        readonly timeoutMs: number;
        readonly idleTimeoutMs: number;
        readonly maxRetries: number;
      };
    }
  | { readonly kind: 'wrong'; readonly problems: FieldProblems };

/** The fields as the contract takes them, or what is wrong with each that is. */
export function readFields(fields: EndpointFields): ReadFields {
  const problems = problemsOf(fields);
  if (Object.keys(problems).length > 0) return { kind: 'wrong', problems };
  const keyEnv = fields.keyFrom === 'environment' ? fields.keyEnv.trim() : '';
  return {
    kind: 'ok',
    changes: {
      title: fields.title.trim(),
      baseUrl: withoutSlashes(fields.baseUrl),
      keyEnv: keyEnv === '' ? null : keyEnv,
      maxConcurrency: Number(fields.maxConcurrency),
      timeoutMs: Number(fields.timeoutSeconds) * 1_000,
      idleTimeoutMs: Number(fields.idleTimeoutSeconds) * 1_000,
      maxRetries: Number(fields.maxRetries),
    },
  };
}

function problemsOf(fields: EndpointFields): FieldProblems {
  const found: Partial<Record<keyof EndpointFields, string | null>> = {
    title: tooLong('A title', fields.title, longestTitle),
    baseUrl: problemOfUrl(withoutSlashes(fields.baseUrl)),
    key: fields.keyFrom === 'store' ? tooLong('A key', fields.key, longest.key) : null,
    keyEnv: fields.keyFrom === 'environment' ? problemOfVariable(fields.keyEnv.trim()) : null,
  };
  for (const name of Object.keys(numbers) as NumberField[]) found[name] = problemOfNumber(name, fields[name]);
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== null)) as FieldProblems;
}

const withoutSlashes = (url: string): string => url.trim().replace(/\/+$/, '');

function problemOfUrl(url: string): string | null {
  if (/^https?:\/\/[^/\s]+/i.test(url) && URL.canParse(url)) return null;
  return 'The base URL must start with http:// or https://, as in https://api.openai.com/v1.';
}

function problemOfVariable(name: string): string | null {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return null;
  return 'Name the environment variable that holds the key, as in OPENAI_API_KEY.';
}

function problemOfNumber(name: NumberField, text: string): string | null {
  const [least, most] = numbers[name];
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return null;
  return `${numberLabels[name]} must be a whole number from ${least} to ${most}, not "${text}".`;
}

/** What the host found wrong with single fields, when that is why it refused. */
export function problemsFrom(error: unknown): FieldProblems {
  const details = error instanceof AppError && error.code === 'invalid' ? error.details : null;
  const { issues } = refusalSchema.safeParse(details).data ?? { issues: [] };
  const named = issues.flatMap(({ path, message }) => {
    const field = fieldsByPath[/\w+$/.exec(path)?.[0] ?? ''];
    return field === undefined ? [] : [[field, message] as const];
  });
  return Object.fromEntries(named);
}

const refusalSchema = z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })) });
const fieldsByPath: Readonly<Record<string, keyof EndpointFields>> = {
  title: 'title',
  baseUrl: 'baseUrl',
  key: 'key',
  keyEnv: 'keyEnv',
  maxConcurrency: 'maxConcurrency',
  timeoutMs: 'timeoutSeconds',
  idleTimeoutMs: 'idleTimeoutSeconds',
  maxRetries: 'maxRetries',
};

/** Names of the number fields. */
export const numberLabels = {
  maxConcurrency: 'Requests at once',
  timeoutSeconds: 'First byte',
  idleTimeoutSeconds: 'Between bytes',
  maxRetries: 'Retries',
} as const;
