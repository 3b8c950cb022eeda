import Papa from 'papaparse';
import { versionName } from '../content/version-name.ts';
import type { Cell, Comparison } from '../contract/comparisons.ts';
import { ownValue } from '../contract/json.ts';
import type { ToolCall } from '../contract/runs.ts';
import type { JsonObject } from '../contract/shared.ts';
import { describeCall } from '../runs/describe-call.ts';
import { describeFinish } from '../runs/finish-reason.ts';
import { spreadsheetText } from './spreadsheet-text.ts';

/** A cell with its whole answer: all of its text, and the tools that it calls. */
export interface WholeCell extends Cell {
  readonly toolCalls: readonly ToolCall[];
}

type Exported = Pick<Comparison, 'prompts' | 'models' | 'rows' | 'title'>;

/**
 * One CSV line per cell: inputs, prompt, model, status, how the answer ended, output, calls of tools, figures, error and
 * notes. What the model thought is no answer, and stays with the run.
 */
export function cellsToCsv(comparison: Exported, cells: readonly WholeCell[]): string {
  const inputs = inputNames(comparison.rows);
  const fields = [
    'row',
    ...inputs,
    'prompt',
    'model',
    'status',
    'finish_reason',
    'output',
    'tool_calls',
    'input_tokens',
    'output_tokens',
    'cost_usd',
    'ttft_ms',
    'latency_ms',
    'tokens_per_second',
    'schema_problems',
    'error',
    'notes',
  ];
  const data = inOrder(cells).map((cell) => [
    cell.row + 1,
    ...inputs.map((name) => textOf(ownValue(comparison.rows[cell.row] ?? {}, name))),
    promptLabel(comparison, cell.prompt),
    comparison.models[cell.model] ?? '',
    cell.status,
    cell.finishReason ?? '',
    cell.output,
    cell.toolCalls.map(describeCall).join('\n'),
    cell.inputTokens,
    cell.outputTokens,
    cell.cost,
    cell.ttftMs,
    cell.latencyMs,
    cell.tokensPerSecond,
    cell.schemaProblems?.join(' ') ?? '',
    cell.error?.message ?? '',
    cell.notes.join(' '),
  ]);
  return Papa.unparse(
    { fields: fields.map(spreadsheetText), data: data.map((line) => line.map(asCell)) },
    { quotes: isDividing },
  );
}

const asCell = (value: string | number | null) => (typeof value === 'string' ? spreadsheetText(value) : value);

/** Where semicolons or tabs divide cells, as in a German Excel, the rest of an unquoted text would be a cell of its own. */
const isDividing = (value: unknown) => typeof value === 'string' && /[;\t]/.test(value);

/** A Markdown table: one line per row of inputs, one column per prompt and model. */
export function cellsToMarkdown(comparison: Exported, cells: readonly WholeCell[]): string {
  const inputs = inputNames(comparison.rows);
  const columns = comparison.prompts.flatMap((_, prompt) =>
    comparison.models.map((_model, model) => ({ prompt, model })),
  );
  const byPlace = new Map(cells.map((cell) => [`${cell.prompt}/${cell.model}/${cell.row}`, cell]));
  const heading = columns.map(({ prompt, model }) => columnLabel(comparison, prompt, model));
  const lines = comparison.rows.map((row, index) => [
    String(index + 1),
    ...inputs.map((name) => textOf(ownValue(row, name))),
    ...columns.map(({ prompt, model }) => resultOf(byPlace.get(`${prompt}/${model}/${index}`))),
  ]);
  return [['#', ...inputs, ...heading], ['---', ...inputs.map(() => '---'), ...heading.map(() => '---')], ...lines]
    .map((line, index) => `| ${(index === 1 ? line : line.map(escapeMarkdown)).join(' | ')} |`)
    .join('\n');
}

/** Name of a prompt column, with its version where it has one. */
export function promptLabel(comparison: Pick<Comparison, 'prompts'>, index: number): string {
  const prompt = comparison.prompts[index];
  if (!prompt) return '';
  if (prompt.versionNumber === null) return prompt.name;
  return `${prompt.name} ${versionName({ number: prompt.versionNumber, confirmed: prompt.versionConfirmed })}`;
}

/** Name of a grid column; the prompt is left out where there is only one. */
export function columnLabel(comparison: Pick<Comparison, 'prompts' | 'models'>, prompt: number, model: number): string {
  const name = comparison.models[model] ?? '';
  return comparison.prompts.length === 1 ? name : `${promptLabel(comparison, prompt)} · ${name}`;
}

const inOrder = (cells: readonly WholeCell[]) =>
  [...cells].sort((a, b) => a.row - b.row || a.prompt - b.prompt || a.model - b.model);

const inputNames = (rows: readonly JsonObject[]) => [...new Set(rows.flatMap((row) => Object.keys(row)))];

const textOf = (value: unknown) =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

function resultOf(cell: WholeCell | undefined): string {
  if (!cell) return '';
  const calls = cell.toolCalls.map((call) => `calls ${describeCall(call)}`).join(', ');
  const answer = [cell.output, calls].filter((part) => part !== '').join(' ');
  if (cell.status === 'failed') return `Failed: ${cell.error?.message ?? 'no reason was recorded'}`;
  if (cell.status !== 'succeeded') return answer || `(${cell.status})`;
  const end = describeFinish(cell.finishReason);
  // Why an answer is empty stands in its notes.
  const rest = end === null ? (answer === '' ? cell.notes.join(' ') : '') : `(${end.label})`;
  return [answer, rest].filter((part) => part !== '').join(' ');
}

const escapeMarkdown = (text: string) =>
  text
    .replace(/\\/g, '\\\\')
    .replace(/\|/g, '\\|')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/\r?\n/g, '<br>');
