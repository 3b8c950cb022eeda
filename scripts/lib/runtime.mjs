import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inProject, Sentence } from './project.mjs';

const isNewEnough = (version) => {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12);
};

const runs = (file) => spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 10_000 }).status === 0;

/** The Node that runs PromptDev: the pinned one from the npm registry, else this one when it is new enough. */
export const findNode = () => {
  const folder = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const pinned = inProject('node_modules', folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  // It may be there and not run: on a Linux without glibc, for one.
  if (existsSync(pinned) && runs(pinned)) return pinned;
  if (isNewEnough(process.versions.node)) return process.execPath;
  throw new Sentence(
    `PromptDev needs Node 22.12 or newer on ${process.platform} ${process.arch}; this is Node ${process.versions.node}.`,
  );
};
