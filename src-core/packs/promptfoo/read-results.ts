import type { ReadFile } from '../format.ts';
import type { Losses } from '../losses.ts';
import type { Source } from '../source.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';
import { keptTests, noteKeys } from './kept-config.ts';
import { readProviders } from './providers.ts';
import type { RawPrompt } from './raw-prompts.ts';
import { readPrompts } from './read-config.ts';
import { createReferences } from './references.ts';
import { readTests } from './test-rows.ts';
import { standsForSeveral } from './test-values.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** Whether a value is what promptfoo writes after a run: results with the prompts and tests that they are of. */
export function isResults(value: Mapping): boolean {
  const { results } = value;
  return isMapping(results) && (Array.isArray(results.results) || Array.isArray(results.outputs));
}

/** Prompts and tests of a results file; its answers are left out. */
export async function readResults(source: Source, value: Mapping, losses: Losses): Promise<ReadFile> {
  const results = value.results as Mapping;
  const rows = (Array.isArray(results.results) ? results.results : (results.outputs as readonly unknown[])).filter(
    isMapping,
  );
  const size = JSON.stringify(rows.map(({ response }) => response ?? null)).length;
  losses.add('dropped', 'answers', 'results', `${rows.length} answers (${Math.ceil(size / 1024)} KiB) are left out.`);
  const config = withoutSecrets(isMapping(value.config) ? value.config : {}, losses, 'config');
  const references = createReferences(source, losses);
  const raws = promptsOf(results, rows);
  const first = raws[0]?.provider ?? null;
  const providers = await readProviders(
    config.providers ?? config.targets ?? (first === null ? [] : [first]),
    references,
    losses,
    'config.providers',
  );
  for (const { id } of providers.slice(1))
    losses.add('kept', 'models', id, 'Several models were compared; the prompt gets the first, all are kept.');
  const tests = withoutSecrets(testsOf(rows), losses, 'tests');
  const read = await readTests({ tests }, references, losses);
  const { prompts: _, tests: __, scenarios: ___, defaultTest: ____, providers: _____, ...others } = config;
  const facts = {
    source,
    description: typeof config.description === 'string' ? config.description.trim() : '',
    providers,
    read,
    kept: { ...noteKeys(others, losses), ...keptTests({ tests }, read) },
  };
  const isOnly = raws.length === 1;
  const prompts = raws.map(
    ({ raw, label }, index): RawPrompt => ({
      label: label ?? (isOnly ? null : `${index + 1}`),
      isLabelled: label !== null,
      id: null,
      text: raw,
      where: `prompts[${index}]`,
      config: {},
    }),
  );
  const version = typeof results.version === 'number' ? `v${results.version}` : undefined;
  return { ...readPrompts(prompts, facts, losses, []), ...(version !== undefined && { version }) };
}

interface ResultPrompt {
  readonly raw: string;
  /** Null where it is the text itself, which promptfoo writes for prompts without a label. */
  readonly label: string | null;
  readonly provider: string | null;
}

/** Each prompt once, however many models it was sent to. */
function promptsOf(results: Mapping, rows: readonly Mapping[]): readonly ResultPrompt[] {
  const head = isMapping(results.table) && isMapping(results.table.head) ? results.table.head.prompts : undefined;
  const listed = [results.prompts, head].find((list) => Array.isArray(list) && list.length > 0) as
    | readonly unknown[]
    | undefined;
  const given = listed ?? rows.map((row) => row.prompt);
  const prompts = new Map<string, ResultPrompt>();
  for (const item of given) {
    if (!isMapping(item) || typeof item.raw !== 'string') continue;
    const label = typeof item.label === 'string' && !item.label.includes(item.raw.slice(0, 20)) ? item.label : null;
    const key = JSON.stringify([item.raw, label]);
    const provider = typeof item.provider === 'string' ? item.provider : null;
    if (!prompts.has(key)) prompts.set(key, { raw: item.raw, label, provider });
  }
  return [...prompts.values()];
}

/** Each test once, in its order; results repeat it for every prompt and model. */
function testsOf(rows: readonly Mapping[]): readonly Mapping[] {
  const tests = new Map<string, Mapping>();
  for (const row of rows) {
    const test = isMapping(row.testCase) ? row.testCase : {};
    const vars = isMapping(row.vars) ? row.vars : test.vars;
    const key = typeof row.testIdx === 'number' ? `${row.testIdx}` : JSON.stringify(vars ?? null);
    if (tests.has(key)) continue;
    const assert = test.assert ?? assertionsOf(row.gradingResult);
    const options = { ...(isMapping(test.options) ? test.options : {}), disableVarExpansion: true };
    tests.set(key, { ...test, vars, ...(assert !== undefined && { assert }), ...(hasList(vars) && { options }) });
  }
  return [...tests.values()];
}

function hasList(vars: unknown): boolean {
  return isMapping(vars) && Object.values(vars).some(standsForSeveral);
}

function assertionsOf(grading: unknown): readonly unknown[] | undefined {
  if (!isMapping(grading) || !Array.isArray(grading.componentResults)) return undefined;
  const found = grading.componentResults.flatMap((each) =>
    isMapping(each) && isMapping(each.assertion) ? [each.assertion] : [],
  );
  return found.length === 0 ? undefined : found;
}
