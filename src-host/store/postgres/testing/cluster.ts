import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, findBinaries } from './binaries.ts';

/** How a superuser connects. */
export interface ClusterAddress {
  /** A folder with a socket, or a loopback address. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface Cluster {
  readonly address: ClusterAddress;
  stop(): Promise<void>;
}

const superuser = 'postgres';

/** Nothing that tests write has to outlive a power cut. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  jit: 'off',
  shared_buffers: '64MB',
  max_connections: '100',
  // As it is in production, so that tests see the messages that people see.
  log_min_messages: 'warning',
};

/** Makes a cluster in an empty folder and starts it; `stop` ends it, and whoever made the folder removes that. */
export async function startCluster(folder: string): Promise<Cluster> {
  const binaries = findBinaries(folder);
  const password = randomBytes(18).toString('base64url');
  const data = join(folder, 'data');
  await initialise(binaries, folder, data, password);
  const hasSockets = process.platform !== 'win32';
  const port = hasSockets ? 5432 : await freePort();
  const where = hasSockets
    ? { listen_addresses: '', unix_socket_directories: folder }
    : { listen_addresses: '127.0.0.1' };
  const log = join(folder, 'log');
  const options = Object.entries({ ...settings, ...where, port }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const output = openSync(log, 'a');
  const server = spawn(binaries.postgres, ['-D', data, ...options], {
    ...binaries.user,
    cwd: folder,
    env: environment(),
    stdio: ['ignore', output, output],
    windowsHide: true,
  });
  closeSync(output);
  await untilReady(server, join(data, 'postmaster.pid'), log);
  return {
    address: { host: hasSockets ? folder : '127.0.0.1', port, user: superuser, password },
    stop: () => stop(server),
  };
}

/** In a locale whose order is not that of bytes, as most servers have it: what forgets to say `COLLATE "C"` shows. */
async function initialise({ initdb, user }: Binaries, folder: string, data: string, password: string): Promise<void> {
  if (user !== null) chownSync(folder, user.uid, user.gid);
  mkdirSync(data, { mode: 0o700 });
  if (user !== null) chownSync(data, user.uid, user.gid);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== null) chownSync(passwordFile, user.uid, user.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
  const access = ['--auth-local=trust', '--auth-host=scram-sha-256', `--username=${superuser}`];
  const args = [`--pgdata=${data}`, `--pwfile=${passwordFile}`, '--no-sync', '--no-instructions', ...access, ...locale];
  try {
    await promisify(execFile)(initdb, args, { ...user, cwd: folder, env: environment(), windowsHide: true });
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    throw new Error(`PostgreSQL could not make its files in ${data}: ${(stderr || String(error)).trim()}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  chmodSync(folder, 0o700);
}

/** Messages in English, and nothing of what a person has set for their own PostgreSQL. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'));
  return { ...Object.fromEntries(own), LC_ALL: 'C', TZ: 'UTC' };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await promisify(server.close.bind(server))();
  if (address === null || typeof address === 'string') throw new Error('No free port was given for PostgreSQL.');
  return address.port;
}

const startLimitMs = 60_000;

/** The eighth line of its pid file says when the server takes connections. */
async function untilReady(server: ChildProcess, pidFile: string, log: string): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  let failure: string | null = null;
  server.on('error', (error) => (failure = String(error)));
  server.on('exit', (code) => (failure ??= `it ended with code ${code}`));
  while (statusIn(pidFile) !== 'ready') {
    if (Date.now() > deadline) failure ??= `it was not ready after ${startLimitMs / 1_000} seconds`;
    if (failure !== null) {
      server.kill('SIGKILL');
      throw new Error(`PostgreSQL did not start: ${failure}. It said: ${readFileSync(log, 'utf8').slice(-2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function statusIn(pidFile: string): string | undefined {
  try {
    return readFileSync(pidFile, 'utf8').split('\n')[7]?.trim();
  } catch {
    return undefined;
  }
}

/** At once, without writing what is in memory: the files are removed anyway. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGQUIT');
  await ended;
}
