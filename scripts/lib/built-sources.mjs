import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The file in `out` that lists the sources of the build. */
export const sourcesFile = '.files.json';

const folders = ['src-core', 'src-host', 'src-cli'];
const files = ['package.json', 'package-lock.json', 'electron.vite.config.ts'];

const stampOf = (path) => {
  const stat = statSync(path);
  return stat.isDirectory() ? stat.mtimeMs : `${stat.mtimeMs} ${stat.size}`;
};

/** Times and sizes of all sources of the command line; a folder's time changes when a file is added or removed. */
export function describeSources(root) {
  const inside = folders.flatMap((folder) => [
    folder,
    ...readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
  ]);
  return JSON.stringify([...files, ...inside].map((path) => [path, stampOf(join(root, path))]));
}

/** Whether the build in `out` was made from the files as they are now. */
export function isBuildCurrent(root) {
  try {
    const known = JSON.parse(readFileSync(join(root, 'out', sourcesFile), 'utf8'));
    return known.every(([path, stamp]) => stampOf(join(root, path)) === stamp);
  } catch {
    return false;
  }
}
