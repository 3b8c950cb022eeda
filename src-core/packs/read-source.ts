import type { AppError } from '../scope/errors.ts';
import type { Detected, Format, Sureness } from './format.ts';
import { formats } from './formats/registry.ts';
import type { Imported, ImportedPrompt } from './imported.ts';
import { createLosses } from './losses.ts';
import { refusal } from './refusal.ts';
import type { Source } from './source.ts';
import { jsonRefusal } from './text/read-json.ts';

export interface Candidate extends Detected {
  readonly format: Format;
}

const order: readonly Sureness[] = ['certain', 'likely', 'possible'];

/** The formats that a file may be of, the likeliest first: content wins, the name breaks ties. */
export function detectFormats(source: Source): readonly Candidate[] {
  const candidates = formats.flatMap((format) => {
    const detected = format.detect(source);
    return detected === null ? [] : [{ ...detected, format }];
  });
  return candidates.toSorted(bySureness);
}

/** The surest first; what is in no format comes last. */
export function bySureness(
  a: Pick<Detected, 'sureness'> | undefined,
  b: Pick<Detected, 'sureness'> | undefined,
): number {
  const rank = (each: typeof a) => (each === undefined ? order.length : order.indexOf(each.sureness));
  return rank(a) - rank(b);
}

/** Those among which a person must choose: more than one where several are as sure as the first. */
export function choicesAmong(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ sureness }) => sureness === candidates[0]?.sureness);
}

/** Reads a file as the format that it is, or as the one that a person chose; throws a `refusal` naming the file. */
export async function readSource(
  source: Source,
  chosen?: string,
  /** What was found out before, as detecting takes as long as much of the reading. */
  candidates = detectFormats(source),
): Promise<Imported> {
  const candidate = chosen === undefined ? candidates[0] : chooseFormat(candidates, chosen);
  if (candidate === undefined) throw unknownFormat(source);
  const losses = createLosses();
  const { format, ...detected } = candidate;
  const read = await format.read(source, detected, losses);
  return {
    format: detected.id,
    ...(read.version !== undefined && { version: read.version }),
    prompts: withDistinctNames(read.prompts ?? []),
    tests: read.tests ?? [],
    sharedAsserts: read.sharedAsserts ?? [],
    data: read.data ?? null,
    losses: losses.all(),
    problems: read.problems ?? [],
  };
}

/** A file that its name gives out as YAML or JSON, and that is none, is refused with the line that says so. */
function unknownFormat(source: Source): AppError {
  const yaml = /\.ya?ml$/.test(source.name) ? source.yaml() : null;
  if (yaml !== null && 'problem' in yaml)
    return refusal(`${source.path} is not valid YAML, line ${yaml.line}: ${yaml.problem}`, {
      reason: 'yaml',
      line: yaml.line,
    });
  const json = /\.(?:json|cforge)$/.test(source.name) ? source.json() : null;
  if (json !== null && 'problem' in json) return jsonRefusal(source.path, json);
  return refusal(
    `${source.path} is in no format that is read here. Say which one it is, or look at the list of those that are.`,
    { reason: 'unknown-format' },
  );
}

function chooseFormat(candidates: readonly Candidate[], id: string): Candidate | undefined {
  const detected = candidates.find((each) => each.id === id);
  if (detected !== undefined) return detected;
  const format = formats.find(({ ids }) => ids.includes(id));
  return format && { format, id, sureness: 'possible' };
}

function withDistinctNames(prompts: readonly ImportedPrompt[]): readonly ImportedPrompt[] {
  const used = new Set<string>();
  const numbers = new Map<string, number>();
  return prompts.map((prompt) => {
    let name = prompt.name;
    let number = numbers.get(name) ?? 2;
    for (; used.has(name); number += 1) name = `${prompt.name}-${number}`;
    numbers.set(prompt.name, number);
    used.add(name);
    return name === prompt.name ? prompt : { ...prompt, name };
  });
}
