import type { Command } from 'commander';
import { describeImport } from '../../src-core/packs/describe-import.ts';
import { formats } from '../../src-core/packs/formats/registry.ts';
import type { Imported } from '../../src-core/packs/imported.ts';
import { lossKinds } from '../../src-core/packs/losses.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { importFile, type OpenedFile, openBytes, openFile } from '../../src-host/folders/import-file.ts';
import { UsageError } from '../exit.ts';
import { readBytes } from '../input-values.ts';
import { createOutput, formatTable, type Output } from '../output.ts';
import { globalOptions } from '../session.ts';
import { existingActions, type IntoOptions, importInto, type Outcome } from './import-into.ts';

interface ImportOptions extends IntoOptions {
  readonly dryRun?: boolean;
  readonly format?: string;
  readonly folder?: string;
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('import prompts of other tools, after a look at what would be lost')
    .argument('<files...>', 'files of other tools; - reads one from standard input')
    .option('--dry-run', 'only show what they become; nothing is written anywhere')
    .option('--project <name>', 'project that they come to', 'default')
    .option('--into <folder>', 'folder before every name, as in from-langfuse')
    .option('--existing <action>', `what becomes of prompts that are there: ${existingActions.join(', ')}`)
    .option('--format <id>', 'read the files as this format, whatever they look like')
    .option('--folder <dir>', 'the folder whose files they may refer to; usually the one that each file stands in')
    .addHelpText(
      'after',
      `
Examples:
  promptdev import review.prompt.md --dry-run
  promptdev import prompts/*.yaml --dry-run --json
  promptdev import langfuse-prompts-all.json --project support --existing new-version
  promptdev import evals/promptfooconfig.yaml --folder . --dry-run

Formats: ${formats.flatMap(({ ids }) => ids).join(', ')}.
Nothing in a file runs, and no address is asked. Losses are of five kinds: kept (in the metadata, without effect),
approximated, dropped, refused (code, keys), unresolved (names something that is not there). All of the files are imported
or none; the same again changes nothing; "promptdev imports --undo ID" takes an import back.`,
    )
    .action(async (files: readonly string[], options: ImportOptions, command: Command) => {
      checkFormat(options.format);
      checkExisting(options.existing);
      const { json } = globalOptions(command);
      const out = createOutput(json ?? false);
      const outcomes: Outcome[] = [];
      for (const file of files) outcomes.push(await lookAt(file, options));
      if (options.dryRun !== true) return importInto(command, outcomes, options);
      if (out.json) {
        const [first, ...others] = outcomes;
        out.value(
          others.length === 0
            ? describe(first!)
            : { files: outcomes.map((each) => ({ file: each.file, ...describe(each) })) },
        );
      } else for (const [index, outcome] of outcomes.entries()) show(outcome, index, outcomes.length > 1, out);
      const refused = outcomes.flatMap(({ error }) => error ?? []);
      if (refused.length === 0) return;
      if (outcomes.length === 1) throw refused[0];
      throw new AppError('invalid', `${refused.length} of ${outcomes.length} files cannot be imported.`);
    });
}

function checkExisting(action: string | undefined): void {
  if (action !== undefined && !existingActions.some((each) => each === action))
    throw new UsageError(`--existing takes ${existingActions.join(', ')}, not "${action}".`);
}

function checkFormat(format: string | undefined): void {
  const ids = formats.flatMap((each) => each.ids);
  if (format !== undefined && !ids.includes(format))
    throw new UsageError(`There is no format "${format}"; there are ${ids.join(', ')}.`);
}

async function lookAt(file: string, { format, folder }: ImportOptions): Promise<Outcome> {
  let opened: OpenedFile | null = null;
  try {
    const bytes = await readBytes(file);
    opened = file === '-' ? await openBytes('stdin', bytes) : await openFile(file, bytes, folder);
    return { file, opened, imported: await importFile(opened, format), error: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { file, opened, imported: null, error };
  }
}

function describe({ opened, imported, error }: Outcome): object {
  const encoding = opened?.encoding ?? null;
  const choices = opened?.choices ?? [];
  const asked = choices.length > 1 ? { choices } : {};
  if (imported !== null) return { ...describeImport(imported), encoding, ...asked };
  const line = lineOf(error);
  const reason = error?.details?.reason;
  return {
    format: choices[0] ?? 'unknown',
    prompts: [],
    tests: 0,
    asserts: 0,
    rows: 0,
    columns: [],
    losses: [],
    problems: [{ message: error?.message ?? '', ...line }],
    refuse: { code: typeof reason === 'string' ? reason : (error?.code ?? 'invalid'), ...line },
    encoding,
    ...asked,
  };
}

function lineOf(error: AppError | null): { readonly line?: number } {
  const line = error?.details?.line;
  return typeof line === 'number' ? { line } : {};
}

/** What a refusal says stands on stderr where there is one file, and beside the others where there are several. */
function show({ file, opened, imported, error }: Outcome, index: number, isOneOfMany: boolean, out: Output): void {
  if (index > 0) out.line('');
  if (imported === null) {
    if (isOneOfMany) out.line(`${file}: not imported. ${error?.message ?? ''}`);
    return;
  }
  out.line(`${file}: ${summaryOf(imported, opened)}`);
  const others = (opened?.choices ?? []).filter((id) => id !== imported.format);
  if (others.length > 0) out.line(`It may as well be ${others.join(' or ')}; --format says which.`);
  if (imported.prompts.length > 0) out.line(`\n${promptTable(imported)}`);
  for (const { message, line } of imported.problems)
    out.line(`\n${line === undefined ? '' : `Line ${line}: `}${message}`);
  out.line(imported.losses.length === 0 ? '\nNothing is lost.' : `\n${lossTable(imported)}`);
}

function summaryOf({ format, prompts, tests, data }: Imported, opened: OpenedFile | null): string {
  const title = formats.find(({ ids }) => ids.includes(format))?.title ?? format;
  const counts = [
    count(prompts.length, 'prompt'),
    ...(tests.length > 0 ? [count(tests.length, 'test')] : []),
    ...(data === null ? [] : [count(data.rows.length, 'row')]),
  ];
  return `${title} (${format}), ${opened?.encoding ?? ''}, ${counts.join(', ')}`;
}

function promptTable({ prompts }: Imported): string {
  const rows = prompts.map(({ name, content }) => [
    name,
    content.messages.map((message) => message.role ?? `(${message.placeholder})`).join(', '),
    content.inputs.map((input) => `${input.name}: ${input.type}`).join(', '),
  ]);
  return formatTable(['PROMPT', 'MESSAGES', 'INPUTS'], rows);
}

function lossTable({ losses }: Imported): string {
  const sorted = lossKinds.flatMap((kind) => losses.filter((loss) => loss.kind === kind));
  const rows = sorted.map(({ kind, what, where, why, line }) => [
    kind,
    what,
    `${where}${line === undefined ? '' : ` (line ${line})`}`,
    why,
  ]);
  return formatTable(['LOSS', 'WHAT', 'WHERE', 'WHY'], rows);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
