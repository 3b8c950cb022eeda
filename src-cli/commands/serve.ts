import type { Command } from 'commander';
import { UsageError } from '../exit.ts';
import { globalOptions } from '../session.ts';

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('serve the workbench on 127.0.0.1 and print its address')
    .option('--port <n>', 'port; any free one unless given', '0')
    .option('--open', 'open a browser window too')
    .addHelpText('after', '\nExample:\n  promptdev serve --port 4700 --data-dir ./workspace')
    .action(async (options: { port: string; open?: boolean }, command: Command) => {
      const port = options.port.trim() === '' ? Number.NaN : Number(options.port);
      if (!Number.isInteger(port) || port < 0 || port > 65_535) {
        throw new UsageError(`--port is a whole number from 0 to 65535; "${options.port}" is not.`);
      }
      const { runWorkbench } = await import('../../src-host/loopback/run-workbench.ts');
      process.exit(await runWorkbench({ port, dataDir: globalOptions(command).dataDir, open: options.open ?? false }));
    });
}
