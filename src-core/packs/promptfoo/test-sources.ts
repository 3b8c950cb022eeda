import type { Losses } from '../losses.ts';
import type { Source } from '../source.ts';
import { readTable } from '../text/read-table.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';
import { type RawTest, testsOfTable } from './csv-tests.ts';
import type { References } from './references.ts';

/** A test with its place, as `tests[2]`, or `tests[2][0]` for one of a file. */
export interface PlacedTest {
  readonly test: RawTest;
  readonly where: string;
}

/** Files that name files. */
const deepest = 3;

/** Tests of a config, of its files and of its tables, in their order; nothing is multiplied yet. */
export async function readTestSources(
  given: unknown,
  where: string,
  references: References,
  losses: Losses,
  depth = 0,
): Promise<readonly PlacedTest[]> {
  if (given === undefined || given === null) return [];
  if (typeof given === 'string') return testsOfReference(given, where, references, losses, depth);
  if (isMapping(given)) {
    if (typeof given.path !== 'string') return [{ test: given, where }];
    return testsOfReference(given.path, where, references, losses, depth);
  }
  if (!Array.isArray(given)) {
    losses.add('dropped', 'test', where, 'It is neither a list of tests nor the name of a file with them.');
    return [];
  }
  const tests: PlacedTest[] = [];
  for (const [index, item] of given.entries()) {
    const place = `${where}[${index}]`;
    if (isMapping(item) && typeof item.path !== 'string') tests.push({ test: item, where: place });
    else if (typeof item === 'string' || isMapping(item))
      tests.push(...(await readTestSources(item, place, references, losses, depth)));
    else losses.add('dropped', 'test', place, 'It is no test: it has no variables and no assertions.');
  }
  return tests;
}

async function testsOfReference(
  reference: string,
  where: string,
  references: References,
  losses: Losses,
  depth: number,
): Promise<readonly PlacedTest[]> {
  if (depth >= deepest) {
    losses.add('unresolved', 'file-reference', where, `Files name files more than ${deepest} deep.`);
    return [];
  }
  const sources = await references.files(reference, where);
  const tests: PlacedTest[] = [];
  for (const source of sources) {
    const place = sources.length > 1 ? `${where} ${source.path}` : where;
    tests.push(...(await testsOfFile(source, place, references, losses, depth)));
  }
  return tests;
}

async function testsOfFile(
  source: Source,
  where: string,
  references: References,
  losses: Losses,
  depth: number,
): Promise<readonly PlacedTest[]> {
  const value = valueOfFile(source, where, losses);
  if (value === undefined) return [];
  const list = isMapping(value) && Array.isArray(value.tests) ? value.tests : value;
  const isOne = isMapping(list) && typeof list.path !== 'string';
  return readTestSources(withoutSecrets(isOne ? [list] : list, losses, where), where, references, losses, depth + 1);
}

function valueOfFile(source: Source, where: string, losses: Losses): unknown {
  switch (/\.(\w+)$/.exec(source.name)?.[1]) {
    case 'csv':
    case 'tsv': {
      const table = readTable(source.text);
      for (const row of table.rows)
        if (row.fault !== null) losses.add('approximated', 'row', `${where} line ${row.line}`, row.fault, row.line);
      return testsOfTable(table).map(({ test }) => test);
    }
    case 'jsonl': {
      const lines = source.jsonLines();
      for (const { line, problem } of lines?.bad ?? [])
        losses.add('dropped', 'row', `${where} line ${line}`, `It is not valid JSON: ${problem}`, line);
      return lines?.rows.map(({ value }) => value) ?? [];
    }
    default: {
      const json = source.json();
      if ('value' in json) return json.value;
      const yaml = readYaml(source.text, { merge: true });
      if (!('problem' in yaml)) return yaml.value;
      const why = `${source.path} is neither valid JSON nor valid YAML: ${yaml.problem}`;
      losses.add('dropped', 'tests', where, why, yaml.line);
      return undefined;
    }
  }
}
