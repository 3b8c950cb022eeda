import type { Json, JsonObject } from '../../contract/shared.ts';
import type { Table } from '../text/read-table.ts';

/** A test as a file spells it, in the form that promptfoo's YAML has. */
export type RawTest = Readonly<Record<string, unknown>>;

const lists = new Set(['contains-all', 'contains-any', 'icontains-all', 'icontains-any']);
/** Assertions that need no value. */
const bare =
  /^(?:not-)?(?:is-json|contains-json|is-sql|contains-sql|is-xml|contains-xml|is-html|contains-html|is-refusal|is-valid-[\w-]+|cost|latency|moderation|guardrails)$/;
const types =
  /^(?:not-)?(?:answer-relevance|bleu|classifier|contains(?:-all|-any|-json|-sql|-xml|-html)?|context-[a-z]+|conversation-relevance|cost|equals|factuality|finish-reason|g-eval|gleu|guardrails|icontains(?:-all|-any)?|is-[a-z-]+|javascript|latency|levenshtein|llm-rubric|max-score|meteor|model-graded-[a-z]+|moderation|perplexity(?:-score)?|pi|python|regex|rouge-[a-z]+|ruby|search-rubric|select-best|similar(?::[a-z]+)?|starts-with|tool-call-f1|trace-[a-z-]+|trajectory:[a-z-]+|webhook|word-count)$/;

/** An assertion as a cell of a table spells it: `type(threshold): value`, code behind its prefix, else what the answer equals. */
export function assertionOf(cell: string): JsonObject {
  const code = /^(javascript|fn|eval|python):\s*([\s\S]*)$/.exec(cell);
  if (code !== null) return { type: code[1] === 'python' ? 'python' : 'javascript', value: code[2]!.trim() };
  if (cell.startsWith('grade:')) return { type: 'llm-rubric', value: cell.slice(6).trim() };
  if (cell.startsWith('file://')) {
    const type = /\.py(?::\w+)?$/.test(cell) ? 'python' : /\.[cm]?[jt]s(?::\w+)?$/.test(cell) ? 'javascript' : null;
    if (type !== null) return { type, value: cell };
  }
  const match = /^([a-z][a-z0-9:-]*?)(?:\((\d+(?:\.\d+)?)\))?(?::([\s\S]*))?$/.exec(cell.trim());
  const [, type = '', threshold, value] = match ?? [];
  if (!types.test(type) || (value === undefined && !bare.test(type) && threshold === undefined))
    return { type: 'equals', value: cell };
  const text = value?.trim();
  const given: Json | undefined = text !== undefined && lists.has(type.replace(/^not-/, '')) ? listOf(text) : text;
  return {
    type,
    ...(given !== undefined && given !== '' && { value: given }),
    ...(threshold !== undefined && { threshold: Number(threshold) }),
  };
}

/** Parts between commas; one in double quotes may have commas of its own. */
function listOf(text: string): readonly string[] {
  return [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)]
    .map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"')))
    .filter((part) => part !== '');
}

/** Tests of a table: its columns are variables, those that begin with `__` say what the row is. */
export function testsOfTable({ columns, rows }: Table): readonly { readonly test: RawTest; readonly line: number }[] {
  const read = columns.map(readerOf);
  return rows.map(({ cells, line }) => {
    const row = createRow();
    for (const [index, cell] of cells.slice(0, columns.length).entries()) read[index]!(cell, row);
    return { test: testOf(row), line };
  });
}

interface Row {
  readonly vars: Record<string, Json>;
  readonly asserts: { readonly index: number; readonly assertion: JsonObject }[];
  readonly options: Record<string, Json>;
  readonly metadata: Record<string, Json>;
  readonly configs: { readonly index: number; readonly key: string; readonly value: Json }[];
  readonly test: Record<string, Json>;
  metric: string | null;
}

function createRow(): Row {
  return { vars: {}, asserts: [], options: {}, metadata: {}, configs: [], test: {}, metric: null };
}

/** The n of `__expected<n>`; `__expected` is the first. */
function indexOf(text: string): number {
  return text === '' ? 1 : Number(text);
}

function readerOf(column: string): (cell: string, row: Row) => void {
  const expected = /^__expected(\d*)$/.exec(column);
  if (expected !== null)
    return (cell, row) => {
      if (cell.trim() !== '') row.asserts.push({ index: indexOf(expected[1]!), assertion: assertionOf(cell) });
    };
  const config = /^__config:__expected(\d*):(\w+)$/.exec(column);
  if (config !== null)
    return (cell, row) => {
      if (cell.trim() === '') return;
      row.configs.push({ index: indexOf(config[1]!), key: config[2]!, value: numberOr(cell) });
    };
  const metadata = /^__metadata:(.+?)(\[\])?$/.exec(column);
  if (metadata !== null)
    return (cell, row) => {
      if (cell.trim() !== '') row.metadata[metadata[1]!] = metadata[2] === undefined ? cell : escapedList(cell);
    };
  switch (column) {
    case '__prefix':
    case '__suffix':
      return (cell, row) => {
        if (cell !== '') row.options[column.slice(2)] = cell;
      };
    case '__description':
      return (cell, row) => {
        row.test.description = cell;
      };
    case '__metric':
      return (cell, row) => {
        row.metric = cell.trim() === '' ? null : cell;
      };
    case '__threshold':
      return (cell, row) => {
        if (Number.isFinite(Number.parseFloat(cell))) row.test.threshold = Number.parseFloat(cell);
      };
    default:
      return (cell, row) => {
        if (!column.startsWith('__')) row.vars[column] = cell;
        else if (cell.trim() !== '') row.test[column.slice(2)] = cell;
      };
  }
}

function testOf({ vars, asserts, options, metadata, configs, test, metric }: Row): RawTest {
  const assert = asserts.map(({ index, assertion }) => {
    const own = configs.filter((config) => config.index === index).map(({ key, value }) => [key, value] as const);
    return { ...assertion, ...(metric !== null && { metric }), ...Object.fromEntries(own) };
  });
  return {
    ...test,
    vars,
    ...(assert.length > 0 && { assert }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

function numberOr(cell: string): Json {
  return Number.isFinite(Number(cell)) ? Number(cell) : cell;
}

/** Parts between commas; `\,` is a comma. */
function escapedList(cell: string): readonly string[] {
  return cell.split(/(?<!\\),/).map((part) => part.trim().replaceAll('\\,', ','));
}
