import type { Command } from 'commander';
import type { Client } from '../src-core/client/connection.ts';
import type { Contract } from '../src-core/contract/index.ts';
import { openDataDir } from '../src-host/data-dir.ts';
import { createOutput, type Output } from './output.ts';

/** What a command gets: a client of a host in this process, where to write, and a signal that Ctrl+C fires. */
export interface Session {
  readonly client: Client;
  readonly out: Output;
  readonly signal: AbortSignal;
}

interface GlobalOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  /** Only of commands that print a text as it is. */
  readonly raw?: boolean;
}

export function globalOptions(command: Command): GlobalOptions {
  return command.optsWithGlobals<GlobalOptions>();
}

/** Opens a host for the length of `work`; Ctrl+C ends what runs and still closes the database. */
export async function withHost(command: Command, work: (session: Session) => Promise<void>): Promise<void> {
  const { dataDir, json, raw } = globalOptions(command);
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  // The host brings database, engines and SDKs with it; commands that need none of them start without.
  const [{ openHost }, { inProcessClient }] = await Promise.all([
    import('../src-host/host.ts'),
    import('../src-host/transports/serve-calls.ts'),
  ]);
  const host = await openHost({ dataDir: openDataDir(dataDir) });
  try {
    const client = inProcessClient<Contract>(host.router, { clientId: 'cli', log: host.log });
    await work({ client, out: createOutput(json ?? false, raw ?? false), signal: controller.signal });
  } finally {
    await host.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
