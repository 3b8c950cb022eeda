#!/usr/bin/env node
// Runs the command line on a Node that can (22.19 or newer, else the one that comes with the packages): its build, which loads
// in half the time, where that was made from the sources as they are now; else the sources, which this Node reads as they
// stand. A packaged application has the build alone.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [major, minor] = process.versions.node.split('.').map(Number);
const readsTypes = major > 22 || (major === 22 && minor >= 18);

async function findEntry() {
  const sources = join(root, 'src-cli', 'main.ts');
  const build = join(root, 'out', 'main', 'cli.js');
  if (!existsSync(sources)) return build;
  const { isBuildCurrent } = await import('../scripts/lib/built-sources.mjs');
  return existsSync(build) && isBuildCurrent(root) ? build : sources;
}

if (readsTypes) {
  // Not in every version that comes this far.
  (await import('node:module')).enableCompileCache?.();
  await import(pathToFileURL(await findEntry()).href);
} else {
  const [{ findNode }, { runChild }] = await Promise.all([
    import('../scripts/lib/runtime.mjs'),
    import('../scripts/lib/run-child.mjs'),
  ]);
  const { code } = await runChild(findNode(), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    cwd: process.cwd(),
  });
  process.exitCode = code ?? 1;
}
