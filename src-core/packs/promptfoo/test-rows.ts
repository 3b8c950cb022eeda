import type { Json, JsonObject } from '../../contract/shared.ts';
import type { ImportedTest } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { type References, referenceOf } from './references.ts';
import { type PlacedTest, readTestSources } from './test-sources.ts';
import { createTestValues } from './test-values.ts';

type Mapping = Readonly<Record<string, unknown>>;

export interface ReadTests {
  readonly tests: readonly ImportedTest[];
  /** Of every test. */
  readonly sharedAsserts: readonly JsonObject[];
}

/** Tests of one file with all that their lists and scenarios make of them. */
const mostTests = 100_000;
const codeTypes = /^(?:not-)?(?:javascript|python|ruby|webhook)$/;

/** Tests, scenarios and what all of them share. Nothing in them runs. */
export async function readTests(config: Mapping, references: References, losses: Losses): Promise<ReadTests> {
  const values = createTestValues(references, losses);
  const shared = await defaultTestOf(config.defaultTest, references, losses);
  noteOptions([{ test: shared, where: 'defaultTest' }], losses);
  const sharedVars = await values.load(shared.vars, 'defaultTest.vars');
  const placed = [
    ...(await readTestSources(config.tests, 'tests', references, losses)).map((test) => [test]),
    ...(await scenariosOf(config.scenarios, references, losses)),
  ];
  const tests: ImportedTest[] = [];
  for (const chain of placed) {
    const { where } = chain.at(-1)!;
    const vars = { ...sharedVars };
    const asserts: JsonObject[] = [];
    for (const { test, where: place } of chain) {
      Object.assign(vars, await values.load(test.vars, `${place}.vars`));
      asserts.push(...(await assertsOf(test.assert, `${place}.assert`, references, losses)));
    }
    const rest = restOf([shared, ...chain.map(({ test }) => test)]);
    noteOptions(chain, losses);
    const keepLists = isMapping(rest.options) && rest.options.disableVarExpansion === true;
    const description = chain.map(({ test }) => test.description).findLast((text) => typeof text === 'string') ?? '';
    for (const inputs of values.rows(vars, { where: `${where}.vars`, keepLists })) {
      if (tests.length >= mostTests) {
        losses.add('dropped', 'tests', 'tests', `Only the first ${mostTests} tests are read.`);
        break;
      }
      tests.push({
        description: description as string,
        inputs,
        asserts,
        ...(Object.keys(rest).length > 0 && { rest }),
      });
    }
  }
  return { tests, sharedAsserts: await assertsOf(shared.assert, 'defaultTest.assert', references, losses) };
}

async function defaultTestOf(given: unknown, references: References, losses: Losses): Promise<Mapping> {
  if (typeof given === 'string') {
    const [found] = await readTestSources(given, 'defaultTest', references, losses);
    return found?.test ?? {};
  }
  return isMapping(given) ? given : {};
}

/** Every configuration of a scenario with each of its tests. */
async function scenariosOf(
  given: unknown,
  references: References,
  losses: Losses,
): Promise<readonly (readonly PlacedTest[])[]> {
  const list =
    typeof given === 'string' ? await readTestSources(given, 'scenarios', references, losses) : placedList(given);
  const chains: (readonly PlacedTest[])[] = [];
  for (const { test: scenario, where } of list) {
    const configs = await readTestSources(scenario.config, `${where}.config`, references, losses);
    const tests = await readTestSources(scenario.tests, `${where}.tests`, references, losses);
    const inner = tests.length > 0 ? tests : [null];
    for (const config of configs)
      for (const test of inner) {
        if (chains.length < mostTests) chains.push(test === null ? [config] : [config, test]);
      }
  }
  return chains;
}

function placedList(given: unknown): readonly PlacedTest[] {
  const list = Array.isArray(given) ? (given as readonly unknown[]) : [];
  return list.flatMap((item, index) => (isMapping(item) ? [{ test: item, where: `scenarios[${index}]` }] : []));
}

/** What a test has besides variables and assertions, the later over the earlier; `options` and `metadata` key by key. */
function restOf(tests: readonly Mapping[]): JsonObject {
  const rest: Record<string, Json> = {};
  for (const test of tests)
    for (const [key, value] of Object.entries(test)) {
      if (['vars', 'assert', 'description'].includes(key) || value === undefined || value === null) continue;
      const before = rest[key];
      rest[key] = (
        isMapping(before) && isMapping(value) && key !== 'provider' ? { ...before, ...value } : value
      ) as Json;
    }
  return rest;
}

async function assertsOf(
  given: unknown,
  where: string,
  references: References,
  losses: Losses,
): Promise<readonly JsonObject[]> {
  const list = Array.isArray(given) ? (given as readonly unknown[]) : isMapping(given) ? [given] : [];
  const asserts: JsonObject[] = [];
  for (const [index, item] of list.entries()) {
    const place = `${where}[${index}]`;
    if (!isMapping(item) || typeof item.type !== 'string') {
      losses.add('dropped', 'assert', place, 'An assertion has a type.');
      continue;
    }
    asserts.push(await assertOf(item, place, references, losses));
  }
  return asserts;
}

async function assertOf(item: Mapping, where: string, references: References, losses: Losses): Promise<JsonObject> {
  const { type, value } = item;
  if (Array.isArray(item.assert)) {
    const inner = await assertsOf(item.assert, `${where}.assert`, references, losses);
    return { ...item, assert: inner } as JsonObject;
  }
  const isReference = typeof value === 'string' && value.startsWith('file://');
  if (codeTypes.test(type as string) || (isReference && referenceOf(value).kind === 'code')) {
    losses.add('kept', 'assert-code', where, 'It is code, which is kept and never run here.');
    return item as JsonObject;
  }
  if (typeof item.transform === 'string')
    losses.add('kept', 'transform-code', `${where}.transform`, 'It is code, which is kept and never run here.');
  if (!isReference) return item as JsonObject;
  const [source] = await references.files(value, `${where}.value`);
  if (source === undefined) return item as JsonObject;
  const yaml = /\.(?:ya?ml|json)$/.test(source.name) ? readYaml(source.text, { merge: true }) : null;
  const read = yaml === null || 'problem' in yaml ? source.text.trim() : (yaml.value as Json);
  return { ...item, value: read } as JsonObject;
}

function noteOptions(chain: readonly PlacedTest[], losses: Losses): void {
  for (const { test, where } of chain) {
    if (!isMapping(test.options)) continue;
    for (const key of ['prefix', 'suffix'])
      if (typeof test.options[key] === 'string' && test.options[key] !== '')
        losses.add(
          'kept',
          key,
          `${where}.options.${key}`,
          'promptfoo adds it to the prompt of this test; here it is kept.',
        );
    for (const key of ['transform', 'postprocess', 'transformVars'])
      if (typeof test.options[key] === 'string')
        losses.add(
          'kept',
          'transform-code',
          `${where}.options.${key}`,
          'It is code, which is kept and never run here.',
        );
  }
}
