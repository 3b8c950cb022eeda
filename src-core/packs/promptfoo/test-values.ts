import type { Json, JsonObject } from '../../contract/shared.ts';
import { parseTemplate, renderTemplate } from '../../templates/engine.ts';
import { inputsOf } from '../../templates/template-inputs.ts';
import type { Losses } from '../losses.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { isPattern, type References, referenceOf } from './references.ts';

type Values = Readonly<Record<string, unknown>>;

/** Rows that the lists of one test make. */
const mostRows = 10_000;
/** Values of one file that are filled. */
const mostFilled = 5_000;
const rounds = 5;
/** A value is filled with short texts; one that needs more stays as it is. */
const limits = { steps: 20_000, output: 256 * 1024 };

/** Makes rows of inputs out of the variables of tests. */
export interface TestValues {
  /** Variables with what files hold; a list stands for several values. */
  load(vars: unknown, where: string): Promise<Values>;
  /** Every combination of the values of lists, the last variable running fastest, each filled with the others. */
  rows(vars: Values, options: { readonly where: string; readonly keepLists: boolean }): readonly JsonObject[];
}

export function createTestValues(references: References, losses: Losses): TestValues {
  const files = new Map<string, Promise<readonly string[] | null>>();
  let filled = 0;

  const load = async (value: unknown, where: string): Promise<unknown> => {
    if (Array.isArray(value)) {
      if (!value.some((item) => typeof item === 'string' && item.startsWith('file://'))) return value;
      const loaded: unknown[] = [];
      for (const [index, item] of value.entries()) {
        const one = await load(item, `${where}[${index}]`);
        if (Array.isArray(one) && typeof item === 'string') loaded.push(...one);
        else loaded.push(one);
      }
      return loaded;
    }
    if (typeof value !== 'string' || !value.startsWith('file://')) return value;
    // A thousand rows may name one file.
    if (!files.has(value)) files.set(value, textsOf(value, where, references, losses));
    const texts = await files.get(value)!;
    if (texts === null || texts.length === 0) return value;
    return isPattern(value) ? texts : texts[0];
  };

  const fill = (row: Record<string, Json>, where: (name: string) => string): JsonObject => {
    const templated = Object.keys(row).filter((name) => isTemplated(row[name]));
    if (templated.length === 0) return row;
    const source = { ...row };
    for (let round = 0; round < rounds && filled < mostFilled; round += 1) {
      let changed = false;
      for (const name of templated) {
        filled += 1;
        const text = filledText(row[name]!, row);
        if (text === null || text === row[name]) continue;
        row[name] = text;
        changed = true;
      }
      if (!changed) break;
    }
    for (const name of templated) {
      const why =
        row[name] === source[name]
          ? 'promptfoo fills this value when it runs; here it stays as it is written.'
          : 'promptfoo fills this value when it runs; here it was filled once with the values beside it.';
      losses.add('approximated', 'templated-value', where(name), why);
    }
    return row;
  };

  return {
    async load(vars, where) {
      const given =
        typeof vars === 'string' || Array.isArray(vars) ? await mappingsOf(vars, where, references, losses) : vars;
      if (!isMapping(given)) return {};
      const loaded: [string, unknown][] = [];
      for (const [name, value] of Object.entries(given)) loaded.push([name, await load(value, `${where}.${name}`)]);
      return Object.fromEntries(loaded);
    },
    rows(vars, { where, keepLists }) {
      const names = Object.keys(vars);
      const lists = keepLists ? [] : names.filter((name) => standsForSeveral(vars[name]));
      const count = lists.reduce((product, name) => product * (vars[name] as readonly unknown[]).length, 1);
      if (count > mostRows)
        losses.add('dropped', 'rows', where, `Its lists make ${count} rows; the first ${mostRows} are read.`);
      const rows: JsonObject[] = [];
      for (let number = 0; number < Math.min(count, mostRows); number += 1) {
        const chosen = choiceOf(lists, vars, number);
        const row = Object.fromEntries(
          names.map((name) => [
            name,
            plainValue(chosen.has(name) ? (vars[name] as readonly unknown[])[chosen.get(name)!] : vars[name]),
          ]),
        );
        const place = (name: string) =>
          chosen.has(name) ? `${where}.${name}[${chosen.get(name)}]` : `${where}.${name}`;
        rows.push(fill(row, place));
      }
      return rows;
    },
  };
}

/** Only lists that begin with a text stand for several values; others are one value, as promptfoo has it. */
export function standsForSeveral(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string';
}

function choiceOf(lists: readonly string[], vars: Values, number: number): ReadonlyMap<string, number> {
  const chosen = new Map<string, number>();
  let rest = number;
  for (const name of lists.toReversed()) {
    const { length } = vars[name] as readonly unknown[];
    chosen.set(name, rest % length);
    rest = Math.floor(rest / length);
  }
  return chosen;
}

/** One line end at the end of a text is cut, as promptfoo does. */
function plainValue(value: unknown): Json {
  if (typeof value === 'string') return value.replace(/\r?\n$/, '');
  return (value ?? null) as Json;
}

function isTemplated(value: unknown): boolean {
  return typeof value === 'string' && /\{[{%]/.test(value);
}

/** The text with its variables filled; null where one of them has no value or is waiting for another. */
function filledText(value: Json, row: JsonObject): string | null {
  const { template } = parseTemplate(value as string, { syntax: 'nunjucks' });
  if (template === null) return null;
  const names = inputsOf(template).map(({ name }) => name);
  if (names.length === 0 || !names.every((name) => Object.hasOwn(row, name) && row[name] !== null)) return null;
  if (names.some((name) => row[name] === value)) return null;
  try {
    return renderTemplate(template, row, { sourceMap: false, limits }).output;
  } catch {
    return null;
  }
}

async function textsOf(
  value: string,
  where: string,
  references: References,
  losses: Losses,
): Promise<readonly string[] | null> {
  if (referenceOf(value).kind === 'code') {
    losses.add('refused', 'code', where, 'It is code, which is never run.');
    return null;
  }
  const sources = await references.files(value, where);
  return sources.map(({ text, name }) => {
    if (!/\.ya?ml$/.test(name)) return text.trim();
    const yaml = readYaml(text, { merge: true });
    return 'problem' in yaml ? text.trim() : JSON.stringify(yaml.value);
  });
}

/** Files of variables, the later over the earlier. */
async function mappingsOf(
  vars: string | readonly unknown[],
  where: string,
  references: References,
  losses: Losses,
): Promise<Values> {
  const all: Record<string, unknown> = {};
  for (const reference of typeof vars === 'string' ? [vars] : vars) {
    if (typeof reference !== 'string') continue;
    for (const { text, path } of await references.files(reference, where)) {
      const yaml = readYaml(text, { merge: true });
      if ('problem' in yaml)
        losses.add('dropped', 'vars', where, `${path} is not valid YAML: ${yaml.problem}`, yaml.line);
      else if (isMapping(yaml.value)) Object.assign(all, yaml.value);
    }
  }
  return all;
}
