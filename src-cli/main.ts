import { Command, CommanderError } from 'commander';
import { appVersion } from '../src-host/host/app-version.ts';
import { describeFailure, exitCodes, oneLine, UsageError } from './exit.ts';
import { writeError } from './output.ts';

/** Adds commands to the program. */
type AddCommands = (program: Command) => void;

/** Which file has which commands; only the needed files are loaded. */
const files: readonly { readonly names: readonly string[]; readonly load: () => Promise<AddCommands> }[] = [
  {
    names: ['list', 'show', 'create'],
    load: async () => (await import('./commands/prompts.ts')).addPromptCommands,
  },
  {
    names: ['save', 'history', 'diff', 'restore', 'log'],
    load: async () => (await import('./commands/versions.ts')).addVersionCommands,
  },
  { names: ['label'], load: async () => (await import('./commands/label.ts')).addLabelCommand },
  { names: ['search'], load: async () => (await import('./commands/search.ts')).addSearchCommand },
  { names: ['render'], load: async () => (await import('./commands/render.ts')).addRenderCommand },
  { names: ['import'], load: async () => (await import('./commands/import.ts')).addImportCommand },
  { names: ['imports'], load: async () => (await import('./commands/import-into.ts')).addImportsCommand },
  {
    names: ['export', 'convert'],
    load: async () => (await import('./commands/export.ts')).addExportCommands,
  },
  { names: ['run'], load: async () => (await import('./commands/run.ts')).addRunCommand },
  { names: ['compare'], load: async () => (await import('./commands/compare.ts')).addCompareCommand },
  { names: ['models'], load: async () => (await import('./commands/models.ts')).addModelCommands },
  { names: ['blobs'], load: async () => (await import('./commands/blobs.ts')).addBlobCommands },
  { names: ['serve'], load: async () => (await import('./commands/serve.ts')).addServeCommand },
];

/**
 * The files that a command line needs; all of them when it names no known command, for the help and for suggestions.
 */
function filesFor(args: readonly string[]): typeof files {
  const named = files.filter(({ names }) => args.some((argument) => names.includes(argument)));
  return named.length === 0 || args[0] === 'help' ? files : named;
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('promptdev')
    .description('Write, version, run and compare prompts on local and remote models.')
    .version(appVersion)
    .option('--data-dir <dir>', 'where prompts, runs and models are kept (or PROMPTDEV_DATA_DIR)')
    .option('--json', 'print JSON for programs')
    .showHelpAfterError(false)
    .addHelpText(
      'after',
      `
Examples:
  promptdev list
  promptdev run samples/greeting --model starter --vars '{"name":"Ada"}'
  promptdev compare samples/greeting --models starter,starter-q8 --vars '{"name":"Ada"}'

Exit codes: 0 done, 1 failed, 2 wrong usage.

Text of models, prompts and endpoints is shown with its control and invisible characters as numbers, as in <U+001B>, so
that it gives a terminal no orders. In a file or a pipe, "run", "render" and "diff" keep all but what a terminal obeys
(controls and changes of direction), and everything with --raw. JSON escapes them all, without a change of the value.`,
    );
  const commands = await Promise.all(filesFor(args).map(({ load }) => load()));
  for (const add of commands) add(program);
  shareSettings(program);
  return program;
}

/** Global options work behind a command too, and no command exits by itself. */
function shareSettings(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const child of command.commands) {
    if (!child.options.some((option) => option.long === '--json')) child.option('--json', 'print JSON for programs');
    if (!child.options.some((option) => option.long === '--data-dir'))
      child.option('--data-dir <dir>', 'where everything is kept');
    shareSettings(child);
  }
}

/** Runs one command line and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(args);
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      // Without a command, the help itself is the answer.
      if (error.code !== 'commander.help')
        writeError(`${oneLine(error.message).replace(/\.?$/, '.')} "promptdev --help" shows what there is.`);
      return exitCodes.usage;
    }
    writeError(`error: ${error instanceof UsageError ? oneLine(error.message) : describeFailure(error)}`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

// A reader that went away (`promptdev list | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
});
// When stderr is closed, the work goes on and the exit code gives the result.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2));
