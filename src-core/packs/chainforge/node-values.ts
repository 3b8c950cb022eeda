import type { Json, JsonObject } from '../../contract/shared.ts';
import type { ImportedRows } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { unescaped } from './convert-template.ts';
import type { Flow, FlowNode } from './flow.ts';

/** Values of inputs that several variables get together, as the columns of one table. */
type Choices = readonly JsonObject[];

/** Rows that the values of one prompt make. */
const mostRows = 100;

/** The rows that the nodes before a prompt give it: every combination of fields and lists, tables row by row. */
export function rowsFor(
  flow: Flow,
  target: string,
  names: ReadonlyMap<string, string>,
  losses: Losses,
): readonly JsonObject[] {
  const groups = new Map<string, { [handle: string]: readonly string[] }>();
  for (const edge of flow.edges) {
    if (edge.target !== target || !names.has(edge.targetHandle)) continue;
    const node = flow.nodes.find(({ id }) => id === edge.source);
    const values = node === undefined ? null : valuesOf(node, edge.sourceHandle, losses);
    if (values === null || values.length === 0) continue;
    // Columns of one table belong together; other nodes combine.
    const key = node!.type === 'table' ? node!.id : `${node!.id} ${edge.targetHandle}`;
    groups.set(key, { ...groups.get(key), [edge.targetHandle]: values });
  }
  let rows: Choices = [{}];
  for (const columns of groups.values()) {
    const choices = choicesOf(columns, names);
    rows = rows.flatMap((row) => choices.map((choice) => ({ ...row, ...choice }))).slice(0, mostRows + 1);
  }
  if (rows.length > mostRows)
    losses.add('dropped', 'rows', target, `Of the combinations of its values the first ${mostRows} are samples.`);
  return groups.size === 0 ? [] : rows.slice(0, mostRows);
}

function choicesOf(
  columns: { readonly [handle: string]: readonly string[] },
  names: ReadonlyMap<string, string>,
): Choices {
  const length = Math.max(...Object.values(columns).map((values) => values.length));
  return Array.from({ length: Math.min(length, mostRows + 1) }, (_, index) =>
    Object.fromEntries(
      Object.entries(columns).flatMap(([handle, values]): readonly [string, Json][] => {
        const value = values[index];
        return value === undefined ? [] : [[names.get(handle)!, value]];
      }),
    ),
  );
}

/** Values that a node gives; null for one that gives answers of models or results of code. */
function valuesOf(node: FlowNode, handle: string, losses: Losses): readonly string[] | null {
  const { data, type, id } = node;
  switch (type) {
    case 'textfields':
    case 'items':
    case 'csv': {
      const hidden = isMapping(data.fields_visibility) ? data.fields_visibility : {};
      const fields = isMapping(data.fields)
        ? Object.entries(data.fields).flatMap(([key, value]) => (hidden[key] === false ? [] : [value]))
        : Array.isArray(data.fields)
          ? data.fields
          : listOf(data.text);
      const texts = fields.map(textOfField).filter((text) => text !== null);
      if (texts.some((text) => /(?<!\\)\{[\p{L}_][^{}]*\}/u.test(text)))
        losses.add(
          'approximated',
          'templated-value',
          id,
          'ChainForge fills this value first; here it stays as written.',
        );
      return texts.map(unescaped);
    }
    case 'table': {
      const table = tableOf(node);
      const column = table?.columns.includes(handle) === true ? handle : undefined;
      if (table === null || column === undefined) return null;
      return table.rows.map((row) => row[column] as string);
    }
    default:
      return null;
  }
}

function listOf(text: unknown): readonly string[] {
  return typeof text === 'string' ? text.split(/\s*,\s*/).filter((part) => part !== '') : [];
}

function textOfField(field: unknown): string | null {
  if (typeof field === 'string') return field;
  return isMapping(field) && typeof field.text === 'string' ? field.text : null;
}

/** Rows of a table node by the headers of its columns. */
export function tableOf({ type, data }: FlowNode): ImportedRows | null {
  if (type !== 'table' || !Array.isArray(data.rows)) return null;
  const given = Array.isArray(data.columns) ? data.columns.filter(isMapping) : [];
  const columns = given.flatMap(({ key, header }) =>
    typeof key === 'string' && key !== '__proto__' ? [{ key, header: typeof header === 'string' ? header : key }] : [],
  );
  const rows = data.rows
    .filter(isMapping)
    .map((row) =>
      Object.fromEntries(
        columns.map(({ key, header }) => [header, textOfCell(Object.hasOwn(row, key) ? row[key] : '')]),
      ),
    );
  return { columns: [...new Set(columns.map(({ header }) => header))], rows, delimiter: null };
}

function textOfCell(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
