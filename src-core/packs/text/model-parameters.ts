import { type ModelSettings, samplingSchema } from '../../contract/content.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';

/** The names that tools give to the five parameters that we have. */
const homes = {
  temperature: ['temperature'],
  topP: ['top_p', 'topP', 'topp'],
  maxTokens: [
    ...['max_tokens', 'maxTokens', 'max_completion_tokens', 'maxCompletionTokens', 'max_output_tokens'],
    ...['maxOutputTokens', 'max_new_tokens', 'num_predict', 'maxtokens'],
  ],
  stop: ['stop', 'stop_sequences', 'stopSequences', 'stop_tokens'],
  seed: ['seed', 'random_seed'],
} as const satisfies Readonly<Record<keyof typeof samplingSchema.shape, readonly string[]>>;

export interface ReadParameters {
  readonly settings: Partial<ModelSettings>;
  /** Parameters without a home, by their own names. */
  readonly rest: JsonObject;
}

/**
 * Sampling parameters of another tool: those that we have, as far as their values fit, and the rest, which is kept with one
 * loss each, `parameter:<name>`. `ignored` are keys of the same object that are no parameters.
 */
export function readParameters(
  given: Readonly<Record<string, unknown>>,
  losses: Losses,
  { ignored = [], where = '' }: { readonly ignored?: readonly string[]; readonly where?: string } = {},
): ReadParameters {
  const settings: Record<string, Json> = {};
  const rest: Record<string, Json> = {};
  for (const [key, value] of Object.entries(given)) {
    if (ignored.includes(key) || value === undefined || value === null) continue;
    const home = homeOf(key);
    const fitting = home === null ? undefined : fittingValue(home, value);
    if (home !== null && fitting !== undefined && !(home in settings)) settings[home] = fitting;
    else {
      rest[key] = value as Json;
      const place = where === '' ? key : `${where}.${key}`;
      const why = home === null ? 'It has no field here.' : `Its value does not fit ours (${boundsOf(home)}).`;
      losses.add('kept', `parameter:${key}`, place, `${why} It is kept in the metadata and not sent.`);
    }
  }
  return { settings: settings as Partial<ModelSettings>, rest };
}

type Home = keyof typeof homes;

function homeOf(key: string): Home | null {
  const found = (Object.keys(homes) as Home[]).find((home) => (homes[home] as readonly string[]).includes(key));
  return found ?? null;
}

function fittingValue(home: Home, value: unknown): Json | undefined {
  const candidate =
    home === 'stop'
      ? (Array.isArray(value) ? value : [value]).filter((each) => each !== '')
      : typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
        ? Number(value)
        : value;
  if (home === 'stop' && (candidate as readonly unknown[]).length === 0) return undefined;
  const parsed = samplingSchema.shape[home].safeParse(candidate);
  return parsed.success ? (parsed.data as Json) : undefined;
}

function boundsOf(home: Home): string {
  switch (home) {
    case 'temperature':
      return '0 to 2';
    case 'topP':
      return '0 to 1';
    case 'maxTokens':
      return 'a whole number from 1 to 1,000,000';
    case 'stop':
      return 'up to 16 texts';
    case 'seed':
      return 'a whole number from 0 to 4,294,967,295';
  }
}
