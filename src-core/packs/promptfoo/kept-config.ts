import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import type { ReadTests } from './test-rows.ts';
import { standsForSeveral } from './test-values.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** Keys of a config that become something here. */
const homed = new Set([
  'prompts',
  'providers',
  'targets',
  'tests',
  'scenarios',
  'defaultTest',
  'description',
  '$schema',
]);
/** Keys of the format without a home here, with the word of their loss. */
const homeless: Readonly<Record<string, string>> = {
  assertionTemplates: 'assertion-templates',
  commandLineOptions: 'command-line-options',
  derivedMetrics: 'derived-metrics',
  evaluateOptions: 'evaluate-options',
  metadata: 'metadata',
  outputPath: 'output-path',
  redteam: 'redteam',
  sharing: 'sharing',
  tags: 'tags',
  tracing: 'tracing',
  writeLatestResults: 'write-latest-results',
};
/** Tests up to this many characters as JSON are kept with each prompt, so that they can be written back. */
const longestTests = 24 * 1024;

/** The keys of a config without a home, each with its loss; code among them is refused. */
export function noteKeys(config: Mapping, losses: Losses): Mapping {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (homed.has(key) || value === undefined || value === null) continue;
    if (key === 'extensions' || key === 'nunjucksFilters') {
      const places = Array.isArray(value)
        ? value.map((_, index) => `${key}[${index}]`)
        : isMapping(value)
          ? Object.keys(value).map((name) => `${key}.${name}`)
          : [key];
      for (const place of places) losses.add('refused', 'code', place, 'It is code, which is never run.');
      continue;
    }
    kept[key] = value;
    if (key === 'env' && isMapping(value))
      for (const name of Object.keys(value))
        losses.add('kept', 'environment', name, 'The environment is never read; in a prompt it is an input here.');
    else if (Object.hasOwn(homeless, key))
      losses.add('kept', homeless[key]!, key, 'It has no field here. It is kept in the metadata.');
    else losses.add('kept', 'unknown-key', key, 'It is no key of the format. It is kept in the metadata.');
  }
  return kept;
}

/** Names the variables of the environment that templates of a text read; they are inputs, and never looked up. */
export function noteEnvironment(text: string, losses: Losses): void {
  for (const [tag] of text.matchAll(/\{\{[^{}]*\}\}/g))
    for (const [, name] of tag.matchAll(/\benv(?:\.|\[\\?["'])([A-Za-z_]\w*)/g))
      losses.add('kept', 'environment', name!, 'The environment is never read; in a prompt it is an input here.');
}

/** The tests as they are written back: as they stand, or, where they name files, as these said. */
export function keptTests(config: Mapping, { tests, sharedAsserts }: ReadTests): Mapping {
  const { tests: given, scenarios, defaultTest } = config;
  const standing = { tests: given, scenarios, defaultTest };
  const text = JSON.stringify(standing);
  const isWhole = !text.includes('file://') && [given, scenarios, defaultTest].every(namesNoFile);
  if (isWhole) return text.length > longestTests ? {} : standing;
  if (tests.length > 500) return {};
  const read = {
    tests: tests.map(({ description, inputs, asserts, rest }) => ({
      ...(description !== '' && { description }),
      vars: inputs,
      ...(asserts.length > 0 && { assert: asserts }),
      ...rest,
      // Lists stay one value each when they are read again.
      ...(Object.values(inputs).some(standsForSeveral) && {
        options: { ...(isMapping(rest?.options) ? rest.options : {}), disableVarExpansion: true },
      }),
    })),
    ...(sharedAsserts.length > 0 && { defaultTest: { assert: sharedAsserts } }),
  };
  return JSON.stringify(read).length > longestTests ? {} : read;
}

function namesNoFile(value: unknown): boolean {
  if (typeof value === 'string') return false;
  const list = Array.isArray(value) ? value : [value];
  return list.every((item) => {
    if (typeof item === 'string') return false;
    if (!isMapping(item)) return true;
    return (
      typeof item.path !== 'string' &&
      typeof item.vars !== 'string' &&
      !Array.isArray(item.vars) &&
      namesNoFile(item.tests) &&
      namesNoFile(item.config)
    );
  });
}
