import { parseArgs } from 'node:util';
import { terminalText } from '../src-core/content/text/terminal-text.ts';
import { AppError } from '../src-core/scope/errors.ts';
import { runWorkbench } from './loopback/run-workbench.ts';

const usage = 'Usage: serve [--port N] [--data-dir DIR] [--no-open]';

const readArguments = () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'data-dir': { type: 'string' },
      'no-open': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new AppError('invalid', `--port must be a number from 0 to 65535, but is "${values.port}".`);
  }
  return { port, dataDir: values['data-dir'], open: !values['no-open'] };
};

const start = async (): Promise<void> => {
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments();
  } catch (error) {
    process.stderr.write(`${terminalText((error as Error).message)}\n${usage}\n`);
    process.exit(2);
  }
  process.exit(await runWorkbench(options));
};

void start();
