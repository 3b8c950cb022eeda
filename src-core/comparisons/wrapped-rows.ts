import { isWrittenObject, type WrittenJson } from '../content/inputs/written-json.ts';
import type { InputDeclaration } from '../contract/content.ts';
import type { RowProblem } from './raw-rows.ts';

/** Names under which other tools keep their rows. */
const wrappers = ['rows', 'data', 'tests', 'examples', 'records', 'items', 'inputs'];
/** Names under which other tools keep the inputs of one row, as promptfoo does. */
const inners = ['vars', 'inputs'];

/** The rows of a file, out of an object around them and of an object around the inputs of each. */
export function unwrapRows(
  value: WrittenJson,
  inputs: readonly InputDeclaration[],
): { readonly items: readonly WrittenJson[]; readonly problems: readonly RowProblem[] } {
  const isInput = (name: string) => inputs.some((input) => input.name === name);
  const problems: RowProblem[] = [];
  const list = listIn(value, isInput, problems);
  const items = list ?? (Array.isArray(value) ? (value as readonly WrittenJson[]) : [value]);
  const inner = inners.find(
    (name) =>
      !isInput(name) && items.length > 0 && items.every((item) => isWrittenObject(item) && isWrittenObject(item[name])),
  );
  if (inner === undefined) return { items, problems };
  const others = new Set(items.flatMap((item) => (isWrittenObject(item) ? Object.keys(item) : [])));
  others.delete(inner);
  // An object that is the only one under such a name may be an input that no prompt declares.
  if (list === null && others.size > 0 && inner !== 'vars') return { items, problems };
  if (others.size > 0) problems.push(unread([...others], inner));
  return { items: items.map((item) => (isWrittenObject(item) ? (item[inner] ?? null) : item)), problems };
}

/** The list of objects under one of the known names; what stands beside it is told. */
function listIn(
  value: WrittenJson,
  isInput: (name: string) => boolean,
  problems: RowProblem[],
): readonly WrittenJson[] | null {
  if (!isWrittenObject(value)) return null;
  const keys = Object.keys(value);
  if (keys.some(isInput)) return null;
  const wrapper = wrappers.find((name) => isListOfObjects(value[name]));
  if (wrapper === undefined) return null;
  const others = keys.filter((key) => key !== wrapper);
  if (others.length > 0) problems.push(unread(others, wrapper));
  return value[wrapper] as readonly WrittenJson[];
}

function isListOfObjects(value: WrittenJson | undefined): boolean {
  return Array.isArray(value) && value.length > 0 && (value as readonly WrittenJson[]).every(isWrittenObject);
}

function unread(names: readonly string[], beside: string): RowProblem {
  const shown = names.slice(0, 5).map((name) => `"${name.slice(0, 80)}"`);
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  const message = `${shown.join(', ')}${more} beside "${beside}" ${names.length === 1 ? 'is' : 'are'} not read; only the rows are.`;
  return { severity: 'warning', row: null, column: null, message };
}
