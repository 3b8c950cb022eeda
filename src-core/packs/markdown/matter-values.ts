import type { Losses } from '../losses.ts';
import type { DoubtfulScalar } from '../text/read-yaml.ts';

type Values = Readonly<Record<string, unknown>>;

/** What becomes of a key that has no field here: the word of its loss, which is kept unless it says otherwise. */
export type Homeless = Readonly<
  Record<string, string | { readonly kind: 'refused' | 'dropped'; readonly what: string; readonly why: string }>
>;

/** Servers that a prompt of an editor would have started. */
export const actingServers = {
  kind: 'dropped',
  what: 'mcp-servers',
  why: 'They would start programs or call addresses; nothing that acts is imported.',
} as const;

/**
 * The keys of a front matter that have no field here, to be kept in the metadata, with one loss each. Keys that nobody knows
 * are kept too; empty ones say nothing.
 */
export function keepHomeless(values: Values, homes: readonly string[], homeless: Homeless, losses: Losses): Values {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    if (homes.includes(key) || isEmpty(value)) continue;
    const rule = Object.hasOwn(homeless, key) ? homeless[key] : undefined;
    if (typeof rule === 'object') {
      losses.add(rule.kind, rule.what, key, rule.why);
      continue;
    }
    kept[key] = value;
    if (rule !== undefined)
      losses.add('kept', rule, key, 'It has no field here. It is kept in the metadata and does nothing.');
    else
      losses.add(
        'kept',
        'unknown-key',
        key,
        'It is no key of the format. It is kept in the metadata and does nothing.',
      );
  }
  return kept;
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/** The text of a key; '' for what is no text, number or boolean. */
export function textValue(value: unknown): string {
  return typeof value === 'string'
    ? value.trim()
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/** The texts of a list, or of one text with commas; null where the value is something else. */
export function textList(value: unknown): readonly string[] | null {
  if (isEmpty(value)) return [];
  if (typeof value === 'string')
    return value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string' || typeof each === 'number'))
    return null;
  return value.map(String);
}

/** Scalars that the readers in Python, for which a file was written, take for something else. */
export function reportDoubtful(doubtful: readonly DoubtfulScalar[], losses: Losses): void {
  for (const { source, line } of doubtful)
    losses.add(
      'approximated',
      'yaml-scalar',
      source,
      `It is read as text or as a decimal number here, as YAML 1.2 says; YAML 1.1 reads ${source} as something else.`,
      line,
    );
}
