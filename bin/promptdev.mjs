#!/usr/bin/env node
// Runs the command line on a Node that can (22.12 or newer, else the one that comes with the packages): the sources where they
// are, which this Node reads as they stand, or the build of a packaged application.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const entry = [join(root, 'src-cli', 'main.ts'), join(root, 'out', 'main', 'cli.js')].find(existsSync);
const [major, minor] = process.versions.node.split('.').map(Number);
const readsTypes = major > 22 || (major === 22 && minor >= 18);

if (readsTypes) {
  // Not in every version that comes this far.
  (await import('node:module')).enableCompileCache?.();
  await import(pathToFileURL(entry).href);
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
