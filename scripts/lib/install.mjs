import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { cacheFile, inProject, openLog, readJson, root, Sentence, tailOf } from './project.mjs';
import { isNewEnough, pinnedNodeIn, pinnedPackage } from './runtime.mjs';

const isFor = (values, value) => !values || [values].flat().includes(value);

/** Whether an optional package is for this platform and therefore required. */
const isOurPlatforms = ({ os, cpu, libc }) =>
  Boolean(os || cpu) &&
  isFor(os, process.platform) &&
  isFor(cpu, process.arch) &&
  isFor(libc, existsSync('/etc/alpine-release') ? 'musl' : 'glibc');

const hashLock = () =>
  createHash('sha256')
    .update(readFileSync(inProject('package-lock.json')))
    .digest('hex');

/** Whether what npm last wrote into node_modules is what package-lock.json asks for. */
const isInstalled = () => {
  const wanted = readJson(inProject('package-lock.json'))?.packages;
  const found = readJson(inProject('node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !found) return false;
  const isComplete = Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      found[path]?.version === entry.version ||
      (!found[path] && entry.optional && !isOurPlatforms(entry)),
  );
  // A registry may lack an optional package; this file marks an installation that we made from the lock file.
  const stamp = inProject('node_modules', '.promptdev-lock');
  return isComplete || (existsSync(stamp) && readFileSync(stamp, 'utf8') === hashLock());
};

/** Runs npm on that Node, quietly. */
const runNpm = (node, args, log) => {
  const stdio = ['ignore', log.handle, log.handle];
  const options = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  // Otherwise npm would use the Node on the PATH.
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(node, [npm, ...options], { cwd: root, stdio, env })
    : spawnSync('npm', options, { cwd: root, stdio, env, shell: process.platform === 'win32' });
  if (error) throw new Sentence(`npm could not be started (${error.message}); is it on the PATH?`);
  if (status !== 0) throw new Sentence(`${tailOf(log.path)}\n\nnpm failed; the whole log is ${log.path}.`);
};

/**
 * The Node to install with. npm skips optional packages that do not support the running Node, and the build needs some
 * of them, so an old Node installs the pinned one first.
 */
const findInstaller = (log) => {
  const version = readJson(inProject('package.json'))?.optionalDependencies[pinnedPackage];
  if (isNewEnough(process.versions.node) || !version) return process.execPath;
  const folder = cacheFile('node');
  if (!existsSync(pinnedNodeIn(folder))) {
    mkdirSync(folder, { recursive: true });
    runNpm(process.execPath, ['install', '--no-save', '--prefix', folder, `${pinnedPackage}@${version}`], log);
  }
  return pinnedNodeIn(folder);
};

/** Runs `npm ci` when the dependencies are missing or not those of the lock file. */
export function ensureInstalled(say) {
  if (isInstalled()) return;
  say('Installing dependencies (first start, about a minute)…');
  const log = openLog('install.log');
  runNpm(findInstaller(log), ['ci'], log);
  writeFileSync(inProject('node_modules', '.promptdev-lock'), hashLock());
}
