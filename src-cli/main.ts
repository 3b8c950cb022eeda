import { Command, CommanderError } from 'commander';
import { appVersion } from '../src-host/app-version.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addLabelCommand } from './commands/label.ts';
import { addModelCommands } from './commands/models.ts';
import { addPromptCommands } from './commands/prompts.ts';
import { addRenderCommand } from './commands/render.ts';
import { addRunCommand } from './commands/run.ts';
import { addSearchCommand } from './commands/search.ts';
import { addServeCommand } from './commands/serve.ts';
import { addVersionCommands } from './commands/versions.ts';
import { describeFailure, exitCodes, oneLine, UsageError } from './exit.ts';
import { complain } from './output.ts';

function createProgram(): Command {
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
  addPromptCommands(program);
  addVersionCommands(program);
  addLabelCommand(program);
  addSearchCommand(program);
  addRenderCommand(program);
  addRunCommand(program);
  addCompareCommand(program);
  addModelCommands(program);
  addServeCommand(program);
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
    await createProgram().parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      // Without a command, the help itself is the answer.
      if (error.code !== 'commander.help')
        complain(`${oneLine(error.message).replace(/\.?$/, '.')} "promptdev --help" shows what there is.`);
      return exitCodes.usage;
    }
    complain(`error: ${error instanceof UsageError ? oneLine(error.message) : describeFailure(error)}`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

// A reader that went away (`promptdev list | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
});

process.exitCode = await main(process.argv.slice(2));
