import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, Sentence } from './project.mjs';

const isWindows = process.platform === 'win32';

/** The npm package that brings the pinned Node for this platform. */
export const pinnedPackage = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;

/** Where that Node lies below a folder with a `node_modules`. */
export function pinnedNodeIn(folder) {
  return join(folder, 'node_modules', pinnedPackage, 'bin', isWindows ? 'node.exe' : 'node');
}

/** Whether PromptDev and the tools that build it run on that version of Node. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}

const runs = (file) => spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 10_000 }).status === 0;

/** The Node that runs PromptDev: the pinned one from the npm registry, else this one when it is new enough. */
export function findNode() {
  const pinned = pinnedNodeIn(root);
  // It may exist and not run, as on a Linux without glibc.
  if (existsSync(pinned) && runs(pinned)) return pinned;
  if (isNewEnough(process.versions.node)) return process.execPath;
  throw new Sentence(
    `PromptDev needs Node 22.19 or newer on ${process.platform} ${process.arch}; this is Node ${process.versions.node}.`,
  );
}
