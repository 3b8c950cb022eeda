import { spawnSync } from 'node:child_process';
import { inProject, openLog, readJson, root, Sentence, tailOf } from './project.mjs';

/** Whether what npm last wrote into node_modules is what package-lock.json asks for. */
const isInstalled = () => {
  const wanted = readJson(inProject('package-lock.json'))?.packages;
  const found = readJson(inProject('node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(
    // Optional packages are those of other platforms.
    ([path, entry]) => path === '' || found[path]?.version === entry.version || (!found[path] && entry.optional),
  );
};

/** Runs `npm ci` when the dependencies are missing or not those of the lock file. */
export const ensureInstalled = (say) => {
  if (isInstalled()) return;
  say('Installing dependencies (first start, about a minute)…');
  const log = openLog('install.log');
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const stdio = ['ignore', log.handle, log.handle];
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...options], { cwd: root, stdio })
    : spawnSync('npm', options, { cwd: root, stdio, shell: process.platform === 'win32' });
  if (error) throw new Sentence(`npm could not be started (${error.message}); is it on the PATH?`);
  if (status !== 0) throw new Sentence(`${tailOf(log.path)}\n\nnpm ci failed; the whole log is ${log.path}.`);
};
