import { z } from 'zod';
import type { Endpoint } from '../../../src-core/contract/models.ts';
import { endpointDefaults } from '../../../src-core/models/endpoint-defaults.ts';
import type { EndpointPreset } from '../../../src-core/models/presets.ts';

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

/** Fields as they start for a preset, or for an endpoint that there is. */
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

/** The fields after another address was typed: waits that nobody changed follow the kind of server that it names. */
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

/** The variable whose key would go to another origin than the one that it was given for, and has to be allowed again. */
export function variableThatMoves(fields: EndpointFields, endpoint: Endpoint): string | null {
  const variable = fields.keyFrom === 'environment' ? fields.keyEnv.trim() : null;
  if (variable === null || variable !== endpoint.keyEnv || !URL.canParse(fields.baseUrl.trim())) return null;
  return new URL(fields.baseUrl.trim()).origin === new URL(endpoint.baseUrl).origin ? null : variable;
}

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
  | { readonly kind: 'wrong'; readonly problem: string };

/** The fields as the contract takes them, or the sentence of the first that is wrong. */
export function readFields(fields: EndpointFields): ReadFields {
  const baseUrl = fields.baseUrl.trim().replace(/\/+$/, '');
  if (!/^https?:\/\/[^/\s]+/.test(baseUrl)) {
    return {
      kind: 'wrong',
      problem: 'The base URL must start with http:// or https://, as in https://api.openai.com/v1.',
    };
  }
  const keyEnv = fields.keyFrom === 'environment' ? fields.keyEnv.trim() : '';
  if (fields.keyFrom === 'environment' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(keyEnv)) {
    return { kind: 'wrong', problem: 'Name the environment variable that holds the key, as in OPENAI_API_KEY.' };
  }
  for (const name of ['maxConcurrency', 'timeoutSeconds', 'idleTimeoutSeconds', 'maxRetries'] as const) {
    const [least, most] = numbers[name];
    const value = fields[name].trim() === '' ? Number.NaN : Number(fields[name]);
    if (!Number.isInteger(value) || value < least || value > most) {
      return {
        kind: 'wrong',
        problem: `${numberLabels[name]} must be a whole number from ${least} to ${most}, not "${fields[name]}".`,
      };
    }
  }
  return {
    kind: 'ok',
    changes: {
      title: fields.title.trim(),
      baseUrl,
      keyEnv: keyEnv === '' ? null : keyEnv,
      maxConcurrency: Number(fields.maxConcurrency),
      timeoutMs: Number(fields.timeoutSeconds) * 1_000,
      idleTimeoutMs: Number(fields.idleTimeoutSeconds) * 1_000,
      maxRetries: Number(fields.maxRetries),
    },
  };
}

/** Names of the number fields. */
export const numberLabels = {
  maxConcurrency: 'Requests at once',
  timeoutSeconds: 'First byte',
  idleTimeoutSeconds: 'Between bytes',
  maxRetries: 'Retries',
} as const;
