import type { InputDeclaration } from '../../contract/content.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { standsForSeveral } from './test-values.ts';

type Mapping = Readonly<Record<string, Json>>;

interface Kept {
  readonly prompt: ImportedPrompt;
  /** What the prompt kept of a config. */
  readonly kept: Mapping;
}

interface WrittenTests {
  readonly defaultTest?: Json;
  readonly tests?: readonly Json[];
  readonly scenarios?: Json;
}

/** The tests that prompts kept; of those that kept none their samples, and for lack of these one test that shows the variables. */
export function writeTests(prompts: readonly Kept[], losses: Losses): WrittenTests {
  const keepers = prompts.filter(({ kept }) => hasTests(kept));
  const sets = new Map(keepers.map(({ kept }) => [JSON.stringify(testsIn(kept)), testsIn(kept)]));
  const [first, ...others] = [...sets.values()];
  for (const { prompt, kept } of keepers)
    if (others.length > 0 && JSON.stringify(testsIn(kept)) !== JSON.stringify(first!))
      losses.add('approximated', 'tests', prompt.name, 'Every test of a config is for all of its prompts.');
  const kept = [...sets.values()].flatMap(({ tests }) =>
    Array.isArray(tests) ? (tests as readonly Json[]) : isMapping(tests) ? [tests as Json] : [],
  );
  const tests = [...kept, ...sampleTests(prompts.filter((each) => !hasTests(each.kept)))];
  return {
    ...(first?.defaultTest !== undefined && { defaultTest: first.defaultTest }),
    ...(tests.length > 0 && { tests }),
    ...(first?.scenarios !== undefined && { scenarios: first.scenarios }),
  };
}

function hasTests(kept: Mapping): boolean {
  return ['tests', 'scenarios', 'defaultTest'].some((key) => kept[key] !== undefined);
}

function testsIn({ tests, scenarios, defaultTest }: Mapping): Mapping {
  return {
    ...(tests !== undefined && { tests }),
    ...(scenarios !== undefined && { scenarios }),
    ...(defaultTest !== undefined && { defaultTest }),
  };
}

/** Samples of the same name and with no other value of a variable are one test. */
function sampleTests(prompts: readonly Kept[]): readonly Json[] {
  const tests: { readonly name: string; vars: JsonObject }[] = [];
  for (const { prompt } of prompts) {
    // Two rows of one prompt may have the same name.
    const taken = new Set<object>();
    for (const { name, inputs } of samplesOf(prompt)) {
      const same = tests.find((test) => !taken.has(test) && test.name === name && agree(test.vars, inputs));
      const test = same ?? { name, vars: {} };
      test.vars = { ...test.vars, ...inputs };
      taken.add(test);
      if (same === undefined) tests.push(test);
    }
  }
  return tests.map(({ name, vars }) => ({
    ...(!/^Row \d+$/.test(name) && { description: name }),
    vars,
    ...(Object.values(vars).some(standsForSeveral) && { options: { disableVarExpansion: true } }),
  }));
}

function agree(a: JsonObject, b: JsonObject): boolean {
  return Object.keys(b).every((key) => !Object.hasOwn(a, key) || JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

function samplesOf({
  content,
  metadata,
}: ImportedPrompt): readonly { readonly name: string; readonly inputs: JsonObject }[] {
  const isOwn = isMapping(metadata.import) && metadata.import.format === 'promptfoo';
  if (content.samples.length > 0 || isOwn || content.inputs.length === 0) return content.samples;
  return [{ name: 'Row 1', inputs: Object.fromEntries(content.inputs.map((input) => [input.name, exampleOf(input)])) }];
}

function exampleOf({ type, default: given, values }: InputDeclaration): Json {
  if (given !== undefined) return given;
  switch (type) {
    case 'string':
      return '';
    case 'enum':
      return values?.[0] ?? '';
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'object':
      return {};
    case 'array<string>':
    case 'messages':
      return [];
  }
}
