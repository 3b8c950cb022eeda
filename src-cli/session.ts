import type { Command } from 'commander';
import type { Client } from '../src-core/client/connection.ts';
import type { Contract } from '../src-core/contract/index.ts';
import type { Library, LibraryClient } from '../src-host/host/open-library.ts';
import { createOutput, type Output } from './output.ts';

/** What a command gets: a client of a host in this process, where to write, and a signal that Ctrl+C fires. */
export interface Session {
  readonly client: Client;
  readonly out: Output;
  readonly signal: AbortSignal;
}

/** What a command gets that needs neither models nor keys. */
export interface LibrarySession {
  readonly client: LibraryClient;
  readonly library: Library;
  readonly out: Output;
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

/** Opens a host while `work` runs; Ctrl+C cancels the work and still closes the database. */
export async function withHost(command: Command, work: (session: Session) => Promise<void>): Promise<void> {
  const { dataDir, json, raw } = globalOptions(command);
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  // Loaded here, because commands without a host need neither database nor engines.
  const [{ openDataDir }, { openHost }, { inProcessClient }] = await Promise.all([
    import('../src-host/files/data-dir.ts'),
    import('../src-host/host/host.ts'),
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

/** Opens only the library while `work` runs: no host is started and windows are not notified. */
export async function withStore(
  command: Command,
  work: (session: { readonly library: Library; readonly out: Output }) => Promise<void>,
): Promise<void> {
  const { dataDir, json, raw } = globalOptions(command);
  const { openLibrary } = await import('../src-host/host/open-library.ts');
  const library = await openLibrary(dataDir);
  try {
    await work({ library, out: createOutput(json ?? false, raw ?? false) });
  } finally {
    await library.close();
  }
}

/** The same with a client, whose operations validate their input. */
export function withLibrary(command: Command, work: (session: LibrarySession) => Promise<void>): Promise<void> {
  return withStore(command, async ({ library, out }) => work({ client: await library.client(), library, out }));
}
