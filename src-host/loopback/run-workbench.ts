import { readFileSync } from 'node:fs';
import { terminalText } from '../../src-core/content/text/terminal-text.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { serveWorkbench, type Workbench, type WorkbenchOptions } from './serve-workbench.ts';

/** A close that hangs must not block the terminal. */
const closeLimitMs = 5_000;

/**
 * Serves the workbench in the foreground until Ctrl-C, SIGTERM, or the end of the process that started this one. Enter in its
 * terminal prints a new address. Resolves with the exit code; what went wrong is one line on stderr.
 */
export async function runWorkbench(options: Omit<WorkbenchOptions, 'print'>): Promise<number> {
  const stopped = untilStopped();
  // Output may fail when the terminal or pipe is closed; windows still work.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // One failed operation must not end the host with everything else that it is doing.
  process.on('unhandledRejection', (reason) => process.stderr.write(`${terminalText(describe(reason))}\n`));
  let workbench: Workbench;
  try {
    workbench = await serveWorkbench({ ...options, print: (line) => process.stdout.write(`${terminalText(line)}\n`) });
  } catch (error) {
    process.stderr.write(`${terminalText(error instanceof AppError ? error.message : describe(error))}\n`);
    return 1;
  }
  if (ownsTerminal()) process.stdin.on('data', () => workbench.printAddress());
  await stopped;
  const limit = setTimeout(() => process.exit(1), closeLimitMs);
  await workbench.close();
  clearTimeout(limit);
  return 0;
}

/** Whether to read from the terminal: a background process that does is stopped by the system. */
const ownsTerminal = (): boolean => {
  if (!process.stdin.isTTY) return false;
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foregroundGroup;
  } catch {
    return true;
  }
};

const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    // `npm start` was killed in a way that it could not pass on.
    process.once('disconnect', () => resolve());
  });

const describe = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
