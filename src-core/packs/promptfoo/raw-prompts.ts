import type { Losses } from '../losses.ts';
import type { Source } from '../source.ts';
import { fileStem } from '../text/names.ts';
import { readTable } from '../text/read-table.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { isPattern, type References, referenceOf } from './references.ts';

/** One prompt of a config before its text is looked at. */
export interface RawPrompt {
  /** Its own, or the name of its file, or its number; null for the only prompt of a config. */
  readonly label: string | null;
  /** Whether `label` stands in the config. */
  readonly isLabelled: boolean;
  readonly id: string | null;
  readonly text: string;
  /** The value of a JSON or YAML file. */
  readonly value?: unknown;
  /** As in `prompts[2]`. */
  readonly where: string;
  readonly config: Readonly<Record<string, unknown>>;
}

interface Entry {
  readonly label: string | null;
  readonly id: string | null;
  readonly raw: string;
  readonly where: string;
  readonly number: number;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Prompts of one config; more are a mistake or an attack. */
const mostPrompts = 1_000;

/** Every prompt that a config names, in its order. A config without prompts has the one that promptfoo gives it. */
export async function readRawPrompts(
  given: unknown,
  references: References,
  losses: Losses,
): Promise<readonly RawPrompt[]> {
  const prompts: RawPrompt[] = [];
  const entries = entriesOf(given, losses);
  for (const entry of entries) {
    for (const prompt of await promptsOf(entry, entries.length === 1, references, losses)) {
      if (prompts.length < mostPrompts) prompts.push(prompt);
      else losses.add('dropped', 'prompts', 'prompts', `Only the first ${mostPrompts} prompts are read.`);
    }
  }
  return prompts;
}

function entriesOf(given: unknown, losses: Losses): readonly Entry[] {
  const plain = { id: null, label: null, config: {} };
  if (given === undefined || given === null) return [{ ...plain, raw: '{{prompt}}', where: 'prompts', number: 1 }];
  if (typeof given === 'string') return [{ ...plain, raw: given, where: 'prompts', number: 1 }];
  if (isMapping(given))
    return Object.entries(given).map(([raw, label], index) => ({
      ...plain,
      raw,
      label: textOrNull(label),
      where: `prompts.${raw}`,
      number: index + 1,
    }));
  const list = Array.isArray(given) ? (given as readonly unknown[]) : [];
  return list.flatMap((item, index): readonly Entry[] => {
    const where = `prompts[${index}]`;
    const number = index + 1;
    if (typeof item === 'string') return [{ ...plain, raw: item, where, number }];
    if (isMapping(item)) {
      const raw = textOrNull(item.raw) ?? textOrNull(item.file) ?? textOrNull(item.path) ?? textOrNull(item.id);
      if (item.function !== undefined && raw === null) {
        losses.add('refused', 'code', where, 'It is a function, which is never run.');
        return [];
      }
      const config = isMapping(item.config) ? item.config : {};
      const id = item.raw === undefined ? null : textOrNull(item.id);
      const label = textOrNull(item.label) ?? textOrNull(item.display);
      if (raw !== null) return [{ id, label, raw, where, number, config }];
    }
    losses.add('dropped', 'prompt', where, 'It is neither a text nor an object with one.');
    return [];
  });
}

async function promptsOf(
  entry: Entry,
  isOnly: boolean,
  references: References,
  losses: Losses,
): Promise<readonly RawPrompt[]> {
  const { raw, where, label, id, config } = entry;
  const shared = { id, where, config, isLabelled: label !== null };
  const stored = /^(?:portkey|langfuse|helicone):\/\//.test(raw);
  if (stored) {
    losses.add('unresolved', 'stored-prompt', raw, 'It is kept by another service, which is not asked.');
    return [];
  }
  if (isCode(raw)) {
    losses.add('refused', 'code', where, 'It is code, which is never run.');
    return [];
  }
  if (!(await isFile(raw, references)))
    return [{ ...shared, label: label ?? (isOnly ? null : `${entry.number}`), text: raw }];
  const sources = await references.files(raw, where);
  const several = isPattern(raw);
  return sources.flatMap((source) => {
    const stem = fileStem(source.path);
    const name = label === null ? stem : several ? `${label} ${stem}` : label;
    const found = promptsOfFile(source, where, losses);
    return found.map((prompt, index) => ({
      ...shared,
      ...prompt,
      label: prompt.label ?? (found.length > 1 ? `${name}-${index + 1}` : name),
    }));
  });
}

function isCode(raw: string): boolean {
  return (
    !raw.includes('\n') &&
    (/^(?:exec|package):/.test(raw) || (!/\s/.test(raw.trim()) && referenceOf(raw).kind === 'code'))
  );
}

/** promptfoo also takes texts with a slash or a dot near the end for files; here a file must be there. */
async function isFile(raw: string, references: References): Promise<boolean> {
  if (raw.includes('\n')) return false;
  return raw.startsWith('file://') || (raw.length < 1_000 && !raw.includes('{{') && (await references.exists(raw)));
}

interface FilePrompt {
  readonly label: string | null;
  readonly text: string;
  readonly value?: unknown;
}

function promptsOfFile(source: Source, where: string, losses: Losses): readonly FilePrompt[] {
  const { text } = source;
  switch (/\.(\w+)$/.exec(source.name)?.[1]) {
    case 'txt':
      return text
        .split(/^[ \t]*---[ \t]*\r?$/m)
        .map((part) => part.replace(/\r\n/g, '\n').trim())
        .filter((part) => part !== '')
        .map((part) => ({ label: null, text: part }));
    case 'jsonl':
      return text
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map((line) => ({ label: null, text: line }));
    case 'csv':
      return promptsOfCsv(text);
    case 'yaml':
    case 'yml': {
      const yaml = readYaml(text, { merge: true });
      if (!('problem' in yaml)) return [{ label: null, text, value: yaml.value }];
      if (!/\{[{%]/.test(text))
        losses.add('approximated', 'yaml', where, `${source.path} is not valid YAML and is taken as text.`, yaml.line);
      return [{ label: null, text }];
    }
    default:
      return [{ label: null, text }];
  }
}

/** A table with a column `prompt`, else one prompt a line. */
function promptsOfCsv(text: string): readonly FilePrompt[] {
  const table = readTable(text, { delimiter: ',' });
  const column = table.columns.indexOf('prompt');
  if (column >= 0) {
    const labels = table.columns.indexOf('label');
    return table.rows.flatMap(({ cells }) =>
      (cells[column] ?? '').trim() === '' ? [] : [{ label: textOrNull(cells[labels]), text: cells[column]!.trim() }],
    );
  }
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => ({ label: null, text: line }));
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
