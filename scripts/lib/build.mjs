import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject, openLog, root, Sentence, tailOf } from './project.mjs';

const folders = ['src-core', 'src-host', 'src-main', 'src-preload', 'src-renderer', 'src-cli'];
const files = ['electron.vite.config.ts', 'package-lock.json', 'tsconfig.base.json'];
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

/** A hash over all that the build reads, so that a checkout which changes nothing does not build again. */
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

/** Builds shell, host and window when their sources have changed since the last build. */
export const ensureBuilt = (node, say) => {
  const hash = hashSources();
  if (isBuilt(hash)) return;
  say('Building the workbench (about half a minute)…');
  rmSync(stamp, { force: true });
  const log = openLog('build.log');
  const { status } = spawnSync(node, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], {
    cwd: root,
    stdio: ['ignore', log.handle, log.handle],
  });
  if (status !== 0) throw new Sentence(`${tailOf(log.path)}\n\nThe build failed; the whole log is ${log.path}.`);
  writeFileSync(stamp, hash);
};
