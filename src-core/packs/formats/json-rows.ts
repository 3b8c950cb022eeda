import type { JsonObject } from '../../contract/shared.ts';
import { noteEncoding } from '../data/note-encoding.ts';
import { columnsOf, jsonLinesOfRows, sampleRows } from '../data/write-rows.ts';
import type { Format, ReadFile } from '../format.ts';
import type { Losses } from '../losses.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { tooDeep } from '../text/json-fault.ts';
import { isMapping } from '../text/read-yaml.ts';

/** Names under which a file keeps its rows beside other things. */
const wrappers = ['rows', 'data', 'examples', 'records', 'items'];

/** Rows as JSON objects: a list of them, or one a line. */
export const jsonRows: Format = {
  title: 'JSON and JSON Lines',
  ids: ['json', 'jsonl'],
  detect(source) {
    const isNamed = /\.(?:jsonl|ndjson)$/.test(source.name);
    const json = source.json();
    if ('value' in json && !isNamed) return rowsIn(json.value) === null ? null : { id: 'json', sureness: 'possible' };
    const lines = source.jsonLines();
    if (lines === null || !lines.rows.some(({ value }) => isMapping(value))) return null;
    return isNamed || lines.rows.length > lines.bad.length ? { id: 'jsonl', sureness: 'possible' } : null;
  },
  async read(source, _, losses) {
    noteEncoding(source, losses);
    const json = source.json();
    const isLines = /\.(?:jsonl|ndjson)$/.test(source.name) || !('value' in json);
    const rows = isLines ? rowsOfLines(source, losses) : rowsIn(json.value);
    if (rows === null)
      throw refusal(`${source.path} has no rows: it must be a list of objects, or one object a line.`, {
        reason: 'no-rows',
      });
    const kept = rows.map((row) => withoutPrototype(row, losses));
    return { data: { columns: columnsOf(kept), rows: kept, delimiter: null } } satisfies ReadFile;
  },
  write(prompts, losses) {
    return prompts.flatMap((prompt) => {
      const rows = sampleRows(prompt, losses);
      return rows.length === 0 ? [] : [{ path: `${prompt.name}.jsonl`, text: jsonLinesOfRows(rows) }];
    });
  },
};

function rowsIn(value: unknown): readonly JsonObject[] | null {
  const wrapper = isMapping(value) ? wrappers.find((name) => Array.isArray(value[name])) : undefined;
  const list = wrapper === undefined ? value : (value as Readonly<Record<string, unknown>>)[wrapper];
  return Array.isArray(list) && list.length > 0 && list.every(isMapping) ? (list as readonly JsonObject[]) : null;
}

function rowsOfLines(source: Source, losses: Losses): readonly JsonObject[] | null {
  const lines = source.jsonLines();
  if (lines === null) return null;
  for (const { line, problem } of lines.bad)
    losses.add(
      'dropped',
      'row',
      `line ${line}`,
      problem === tooDeep ? problem : `It is not valid JSON: ${problem}`,
      line,
    );
  const rows: JsonObject[] = [];
  for (const { line, value } of lines.rows)
    if (isMapping(value)) rows.push(value as JsonObject);
    else losses.add('dropped', 'row', `line ${line}`, 'It is no object with columns.', line);
  return rows.length === 0 ? null : rows;
}

function withoutPrototype(row: JsonObject, losses: Losses): JsonObject {
  if (!Object.hasOwn(row, '__proto__')) return row;
  losses.add('dropped', 'value', '__proto__', 'A column of this name is never read.');
  return Object.fromEntries(Object.entries(row).filter(([key]) => key !== '__proto__'));
}
