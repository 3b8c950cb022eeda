import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSources, sourcesFile } from './built-sources.mjs';
import { cacheFile, inProject, openLog, root, Sentence, tailOf } from './project.mjs';

const folders = ['src-core', 'src-host', 'src-main', 'src-preload', 'src-renderer', 'src-cli'];
const files = ['electron.vite.config.ts', 'scripts/lib/code-generation.ts', 'package-lock.json', 'tsconfig.base.json'];
const stamp = inProject('out', '.sources');
const results = ['main/serve.js', 'main/main.js', 'preload/preload.cjs', 'renderer/index.html'];

/** Files below a folder that the build reads, in a fixed order. */
const listSources = (folder) =>
  readdirSync(inProject(folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'testing' ? [] : listSources(path);
      return entry.name.endsWith('.test.ts') ? [] : [path];
    });

/** A hash over all files that the build reads, so that an unchanged checkout is not built again. */
const hashSources = () => {
  const hash = createHash('sha256');
  const sources = [...files, ...folders.filter((folder) => existsSync(inProject(folder))).flatMap(listSources)];
  for (const path of sources)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(inProject(path)))
      .update('\0');
  return hash.digest('hex');
};

const isBuilt = (hash) =>
  existsSync(stamp) &&
  readFileSync(stamp, 'utf8') === hash &&
  results.every((file) => existsSync(inProject('out', file)));

/** Replaces the last build by the finished one, so that nobody runs a half written build. */
const replaceOut = (built) => {
  const replaced = cacheFile(`replaced-${process.pid}`);
  if (existsSync(inProject('out'))) renameSync(inProject('out'), replaced);
  renameSync(built, inProject('out'));
  rmSync(replaced, { recursive: true, force: true });
};

/** Builds shell, host and window when their sources have changed since the last build. */
export function ensureBuilt(node, say) {
  const hash = hashSources();
  if (isBuilt(hash)) {
    // A checkout may change times without content: the build is current for these files.
    writeFileSync(inProject('out', sourcesFile), describeSources(root));
    return;
  }
  const sources = describeSources(root);
  say('Building the workbench…');
  const built = cacheFile(`build-${process.pid}`);
  const log = openLog('build.log');
  const { status } = spawnSync(node, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], {
    cwd: root,
    stdio: ['ignore', log.handle, log.handle],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, PROMPTDEV_OUT_DIR: built },
  });
  if (status !== 0) {
    rmSync(built, { recursive: true, force: true });
    throw new Sentence(`${tailOf(log.path)}\n\nThe build failed; the whole log is ${log.path}.`);
  }
  writeFileSync(join(built, '.sources'), hash);
  writeFileSync(join(built, sourcesFile), sources);
  replaceOut(built);
}
