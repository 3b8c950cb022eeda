import type { Command } from 'commander';
import { parseRows, type RowProblem } from '../../src-core/comparisons/parse-rows.ts';
import { sharedInputs } from '../../src-core/comparisons/shared-inputs.ts';
import type { Cell, Comparison, ModelTotals } from '../../src-core/contract/comparisons.ts';
import type { InputDeclaration } from '../../src-core/contract/content.ts';
import type { ToolCall } from '../../src-core/contract/runs.ts';
import type { JsonObject } from '../../src-core/contract/shared.ts';
import { describeCall } from '../../src-core/runs/describe-call.ts';
import { countEnds, describeEnds, describeFinish, finishLine } from '../../src-core/runs/finish-reason.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { oneLine, UsageError } from '../exit.ts';
import { addInputOptions, type InputOptions, readInputs, readText } from '../input-values.ts';
import { formatCost, formatMs, formatSpeed, formatTable, type Output } from '../output.ts';
import { type Session, withHost } from '../session.ts';
import { findSource } from './run.ts';

/** Most warnings about rows, because a file with an unknown column has one in every row. */
const shownWarnings = 5;

interface CompareOptions extends InputOptions {
  readonly models: string;
  readonly rows?: string;
  readonly concurrency?: string;
}

export function addCompareCommand(program: Command): void {
  const command = program
    .command('compare')
    .description('run prompts on several models and rows, side by side')
    .argument('<name...>', 'prompts, or prompt@version')
    .requiredOption('--models <ids>', 'model ids with commas between them')
    .option('--rows <file>', 'input rows: CSV, JSON, JSON Lines or YAML; - reads standard input')
    .option('--concurrency <n>', 'cells in flight at once');
  addInputOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  promptdev compare samples/greeting --models starter,starter-q8 --vars '{"name":"Ada"}'
  promptdev compare samples/review-sentiment --models starter,openai/gpt-4.1-mini --rows reviews.csv --json`,
    )
    .action((names: string[], options: CompareOptions, command: Command) =>
      withHost(command, async (session) => {
        const models = options.models
          .split(',')
          .map((id) => id.trim())
          .filter((id) => id !== '');
        if (models.length === 0)
          throw new UsageError('--models needs at least one model id, as in --models starter,starter-q8.');
        const sources = await Promise.all(names.map((name) => findSource(session, name)));
        const declared = sharedInputs(sources.map(({ inputs }) => inputs));
        const rows = await readRows(session, declared, options);
        await compare(session, {
          title: '',
          prompts: sources.map(({ inputs: _, ...source }) => source),
          models,
          rows,
          sampling: {},
          concurrency: await concurrency(session, options),
        });
      }),
    );
}

async function concurrency({ client }: Session, { concurrency: text }: CompareOptions): Promise<number> {
  if (text === undefined) return (await client.settings.get()).defaultConcurrency;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 256)
    throw new UsageError(`--concurrency is a whole number from 1 to 256; "${text}" is not.`);
  return number;
}

async function readRows(
  { out }: Session,
  declared: readonly InputDeclaration[],
  options: CompareOptions,
): Promise<JsonObject[]> {
  if (options.rows !== undefined && [options.vars, options.inputs, options.input].some((given) => given !== undefined))
    throw new UsageError('Give --rows, or the values of one row with --vars, --inputs or --input, not both.');
  if (options.rows === undefined) return [await readInputs(options, declared)];
  const format = /\.ya?ml$/i.test(options.rows) ? 'yaml' : undefined;
  const parsed = parseRows(await readText(options.rows), declared, format);
  const problems: RowProblem[] = [...parsed.problems, ...parsed.rows.flatMap((row) => row.problems)];
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new AppError('invalid', `${options.rows}: ${errors[0]!.message}${more}`);
  }
  for (const { message } of problems.slice(0, shownWarnings)) out.note(`${options.rows}: ${message}`);
  if (problems.length > shownWarnings) out.note(`(and ${problems.length - shownWarnings} more like these)`);
  if (parsed.rows.length === 0) throw new AppError('invalid', `${options.rows} has no rows.`);
  return parsed.rows.map((row) => row.values);
}

type StartInput = Parameters<Session['client']['comparisons']['start']>[0];

/** How long Ctrl+C waits for received answers to be written. */
const cancelWaitMs = 3_000;

async function compare({ client, out, signal }: Session, input: StartInput): Promise<void> {
  const { comparisons } = client;
  const { id } = await comparisons.start(input);
  // A cancelled comparison would wait for ever when nothing can be written, as on a full disk.
  const cancelWait = new AbortController();
  const cancel = () => {
    comparisons.cancel({ id }).catch((error: Error) => out.note(oneLine(error.message)));
    setTimeout(() => cancelWait.abort(), cancelWaitMs).unref();
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  const comparison = await comparisons.get({ id });
  const cells = new Map<string, Cell>();
  const calls = new Map<string, readonly ToolCall[]>();
  let totals: ModelTotals[] = [];
  let shownNote: string | undefined;
  for await (const event of untilAborted(
    await comparisons.watch({ id }, { signal: cancelWait.signal }),
    cancelWait.signal,
  )) {
    if (event.kind === 'totals') {
      totals = event.totals;
      if (event.note !== undefined && event.note !== shownNote) out.note(oneLine(event.note));
      shownNote = event.note;
    }
    if (event.kind !== 'cells') continue;
    for (const cell of event.cells) {
      cells.set(cell.runId, cell);
      if (cell.status !== 'succeeded' && cell.status !== 'failed') continue;
      // A cell has only text; an answer that calls tools often has none.
      if (cell.toolCallCount > 0) calls.set(cell.runId, (await client.runs.get({ id: cell.runId })).toolCalls);
      if (!out.json) out.line(describeCell(comparison, cell, calls.get(cell.runId)));
    }
  }
  const all = [...cells.values()].sort((a, b) => a.row - b.row || a.prompt - b.prompt || a.model - b.model);
  if (out.json)
    out.value({
      id,
      models: comparison.models,
      cells: all.map((cell) => ({
        ...cell,
        modelId: comparison.models[cell.model],
        toolCalls: calls.get(cell.runId) ?? [],
      })),
      totals,
    });
  else out.line(`\n${describeTotals(comparison, totals)}`);
  noteEnds(out, comparison, all, totals);
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
  const failed = all.filter((cell) => cell.status === 'failed').length;
  if (failed > 0) throw new AppError('unavailable', `${failed} of ${all.length} cells failed.`);
}

/** The events until the signal fires, which ends them without an error. */
async function* untilAborted<Event>(events: AsyncIterable<Event>, signal: AbortSignal): AsyncGenerator<Event> {
  try {
    yield* events;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function describeCell(comparison: Comparison, cell: Cell, calls: readonly ToolCall[] = []): string {
  const prompt = comparison.prompts.length > 1 ? ` ${comparison.prompts[cell.prompt]?.name}` : '';
  const row = comparison.rows.length > 1 ? ` row ${cell.row + 1}` : '';
  const end = describeFinish(cell.finishReason);
  const broken = `${end === null ? '' : `, ${end.label}`}${cell.schemaProblems?.length ? ', breaks its schema' : ''}`;
  const asked = calls.length === 0 ? '' : `calls ${calls.map(describeCall).join(', ')}`;
  const said = [cell.output, asked].filter((part) => part !== '').join(' ');
  const text = cell.error ? `failed: ${cell.error.message}` : said;
  return `${comparison.models[cell.model]}${prompt}${row} (${formatMs(cell.latencyMs)}${broken}): ${oneLine(text)}`;
}

/** Notes about the answers of each model, one per line on stderr. */
function noteEnds(out: Output, comparison: Comparison, cells: readonly Cell[], totals: readonly ModelTotals[]) {
  for (const [index, model] of comparison.models.entries()) {
    const own = cells.filter((cell) => cell.model === index);
    for (const note of new Set(own.flatMap(({ notes }) => notes))) out.note(`${model}: ${oneLine(note)}`);
    const unusual = own.filter((cell) => describeFinish(cell.finishReason) !== null);
    const [only] = own.length === 1 ? unusual : [];
    const ends = describeEnds(totals[index]?.ends ?? countEnds(unusual.map((cell) => cell.finishReason)));
    const line = only ? finishLine(model, only.finishReason) : ends && `${model}: ${ends}, of ${own.length} answers.`;
    if (line !== null) out.note(oneLine(line));
  }
}

function describeTotals(comparison: Comparison, totals: readonly ModelTotals[]): string {
  const ends = totals.map((total) => describeEnds(total.ends));
  const unusual = ends.some((end) => end !== null);
  const rows = totals.map((total, index) => [
    comparison.models[total.model] ?? '',
    String(total.succeeded),
    String(total.failed),
    ...(unusual ? [ends[index] ?? '–'] : []),
    formatMs(total.ttftMs),
    formatMs(total.latencyMs),
    formatSpeed(total.tokensPerSecond),
    total.inputTokens === null && total.outputTokens === null
      ? '–'
      : `${total.inputTokens ?? '–'} → ${total.outputTokens ?? '–'}`,
    formatCost(total.cost),
  ]);
  const head = ['MODEL', 'DONE', 'FAILED', 'FIRST TOKEN', 'LATENCY', 'TOKENS/S', 'TOKENS', 'COST'];
  return formatTable(unusual ? head.toSpliced(3, 0, 'NOT COMPLETE') : head, rows);
}
