import type { Endpoint } from '../../../src-core/contract/models.ts';
import type { EndpointPreset } from '../../../src-core/models/presets.ts';

/** What a person types to describe an endpoint; numbers as text until they are sent. */
export interface EndpointFields {
  readonly title: string;
  readonly baseUrl: string;
  readonly keyFrom: 'store' | 'environment';
  /** A new key; empty keeps the stored one. */
  readonly key: string;
  readonly keyEnv: string;
  readonly maxConcurrency: string;
  readonly timeoutSeconds: string;
  readonly maxRetries: string;
}

/** Fields as they start for a preset, or for an endpoint that there is. */
export function fieldsOf(source: EndpointPreset | Endpoint | null): EndpointFields {
  const endpoint = source !== null && 'id' in source ? source : null;
  const preset = source !== null && 'slug' in source ? source : null;
  return {
    title: source?.title ?? '',
    baseUrl: source?.baseUrl ?? '',
    keyFrom: endpoint?.keyEnv ? 'environment' : 'store',
    key: '',
    keyEnv: endpoint?.keyEnv ?? '',
    maxConcurrency: String(endpoint?.maxConcurrency ?? preset?.defaultConcurrency ?? 4),
    timeoutSeconds: String((endpoint?.timeoutMs ?? 60_000) / 1_000),
    maxRetries: String(endpoint?.maxRetries ?? 2),
  };
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
  const numbers = { maxConcurrency: [1, 256], timeoutSeconds: [1, 600], maxRetries: [0, 10] } as const;
  for (const name of ['maxConcurrency', 'timeoutSeconds', 'maxRetries'] as const) {
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
      maxRetries: Number(fields.maxRetries),
    },
  };
}

/** Names of the number fields. */
export const numberLabels = {
  maxConcurrency: 'Requests at once',
  timeoutSeconds: 'Time-out',
  maxRetries: 'Retries',
} as const;
