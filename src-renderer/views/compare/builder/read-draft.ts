import { type ParsedRows, parseRows } from '../../../../src-core/comparisons/parse-rows.ts';
import { coerceInputs } from '../../../../src-core/content/inputs/coerce-inputs.ts';
import { type InputDeclaration, type Sampling, samplingSchema } from '../../../../src-core/contract/content.ts';
import { ownValue } from '../../../../src-core/contract/json.ts';
import { longestTitle } from '../../../../src-core/contract/prompts.ts';
import type { Json, JsonObject } from '../../../../src-core/contract/shared.ts';
import { tooLong } from '../../../fields/too-long.ts';
import type { ComparisonDraft, SamplingText } from './drafts.ts';

/** Values of one row of the form as typed by the inputs, with what is wrong by input. */
export interface FormRow {
  readonly values: JsonObject;
  readonly problems: Readonly<Record<string, string>>;
}

/** Types one row of the form; an empty field of an input that can do without is no value. */
export function readFormRow(texts: Readonly<Record<string, string>>, inputs: readonly InputDeclaration[]): FormRow {
  const typed = new Map<string, Json>();
  for (const input of inputs) {
    const text = ownValue(texts, input.name) ?? '';
    const optional = !input.required || input.default !== undefined;
    if (text === '' && (optional || input.type !== 'string')) continue;
    typed.set(input.name, text);
  }
  const { values, problems } = coerceInputs(inputs, Object.fromEntries(typed));
  return {
    values: Object.fromEntries(
      [...typed.keys()].flatMap((name) => (Object.hasOwn(values, name) ? [[name, values[name] as Json]] : [])),
    ),
    problems: Object.fromEntries(problems.map(({ input, message }) => [input, message])),
  };
}

/** The rows that would run, and the sentence that says why they cannot. */
export interface ReadRows {
  readonly rows: readonly JsonObject[];
  readonly problem: string | null;
  /** Of the pasted text; null for the form. */
  readonly parsed: ParsedRows | null;
}

/** The rows of a draft from its form or its text. */
export function readRows(
  draft: Pick<ComparisonDraft, 'rowsFrom' | 'formRows' | 'text' | 'format' | 'skipBroken'>,
  inputs: readonly InputDeclaration[],
): ReadRows {
  if (draft.rowsFrom === 'form') return readForm(draft.formRows, inputs);
  const parsed = parseRows(draft.text, inputs, draft.format === 'auto' ? undefined : draft.format);
  if (parsed.rows.length === 0 && parsed.problems.length === 0) return { rows: [{}], problem: missing(inputs), parsed };
  const good = parsed.rows.filter(({ problems }) => problems.every(({ severity }) => severity === 'warning'));
  const whole = parsed.problems.find(({ severity, row }) => severity === 'error' && row === null);
  const broken =
    parsed.rows.length -
    good.length +
    parsed.problems.filter(({ severity, row }) => severity === 'error' && row !== null).length;
  if (whole !== undefined) return { rows: [], problem: whole.message, parsed };
  if (broken > 0 && !draft.skipBroken) {
    return {
      rows: [],
      problem: `${broken === 1 ? '1 row has a problem: correct it, or leave it' : `${broken} rows have a problem: correct them, or leave them`} out.`,
      parsed,
    };
  }
  if (good.length === 0) return { rows: [], problem: 'No row is left to run.', parsed };
  return { rows: good.map(({ values }) => values), problem: null, parsed };
}

function readForm(formRows: ComparisonDraft['formRows'], inputs: readonly InputDeclaration[]): ReadRows {
  if (inputs.length === 0) return { rows: [{}], problem: null, parsed: null };
  const rows = formRows.map((row) => readFormRow(row, inputs));
  const wrong = rows.findIndex(({ problems }) => Object.keys(problems).length > 0);
  const problem = wrong < 0 ? null : `Row ${wrong + 1}: ${Object.values(rows[wrong]?.problems ?? {})[0]}`;
  return { rows: rows.map(({ values }) => values), problem, parsed: null };
}

function missing(inputs: readonly InputDeclaration[]): string | null {
  const needed = inputs.find((input) => input.required && input.default === undefined);
  return needed === undefined ? null : `Paste at least one row with a value for "${needed.name}".`;
}

/** What is wrong with options, by field. */
export type OptionProblems = Readonly<Partial<Record<keyof SamplingText | 'concurrency' | 'title', string>>>;

interface ReadOptions {
  /** Null while one of the fields is wrong. */
  readonly options: { readonly sampling: Sampling; readonly concurrency: number; readonly title: string } | null;
  readonly problems: OptionProblems;
}

const limits = {
  temperature: ['Temperature', 'a number from 0 to 2'],
  topP: ['Top p', 'a number from 0 to 1'],
  maxTokens: ['Max tokens', 'a whole number from 1 to 1,000,000'],
  seed: ['Seed', 'a whole number from 0 to 4,294,967,295'],
} as const;
const mostAtOnce = 256;
const mostStops = 16;

/** The title and the overrides as the contract takes them, and what is wrong with each field that is. */
export function readOptions(draft: Pick<ComparisonDraft, 'sampling' | 'concurrency' | 'title'>): ReadOptions {
  const problems: { -readonly [Name in keyof OptionProblems]: OptionProblems[Name] } = {};
  const sampling: Record<string, number | string[]> = {};
  for (const [name, [label, expected]] of Object.entries(limits) as [
    keyof typeof limits,
    readonly [string, string],
  ][]) {
    const typed = draft.sampling[name].trim();
    if (typed === '') continue;
    const parsed = samplingSchema.shape[name].safeParse(Number(typed.replace(',', '.')));
    if (parsed.success && parsed.data !== undefined) sampling[name] = parsed.data;
    else problems[name] = `${label} must be ${expected}, not "${typed}".`;
  }
  const stop = draft.sampling.stop.split('\n').filter((line) => line !== '');
  if (stop.length > mostStops)
    problems.stop = `At most ${mostStops} stop sequences are possible, and these are ${stop.length}.`;
  else if (stop.length > 0) sampling.stop = stop;
  const concurrency = draft.concurrency.trim() === '' ? Number.NaN : Number(draft.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > mostAtOnce)
    problems.concurrency = `Cells at once must be a whole number from 1 to ${mostAtOnce}, not "${draft.concurrency.trim()}".`;
  const title = tooLong('A title', draft.title, longestTitle);
  if (title !== null) problems.title = title;
  if (Object.keys(problems).length > 0) return { options: null, problems };
  return { options: { sampling: samplingSchema.parse(sampling), concurrency, title: draft.title.trim() }, problems };
}
