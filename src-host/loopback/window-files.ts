import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { mediaTypeOf } from '../../src-core/desktop/media-types.ts';
import { AppError } from '../../src-core/scope/errors.ts';

/** One file of the built window. */
export interface WindowFile {
  readonly content: Buffer;
  readonly type: string;
  /** Its name contains a hash of its content, so it can be cached for ever. */
  readonly immutable: boolean;
}

/**
 * The files of the built window by URL path, `/` for the page itself. They are read once, so that no file path is made
 * from a request and a new build does not affect a running window.
 */
export function readWindowFiles(folder: string): ReadonlyMap<string, WindowFile> {
  const files = new Map(listFiles(folder));
  const index = files.get('/index.html');
  if (!index) {
    throw new AppError('unavailable', `The window is not built: "${folder}" has no index.html. Run "npm run build".`);
  }
  return files.set('/', index);
}

const listFiles = (folder: string): [string, WindowFile][] => {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(folder);
  } catch {
    throw new AppError('unavailable', `The window is not built: there is no folder "${folder}". Run "npm run build".`);
  }
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = `/${relative(folder, file).split(sep).join('/')}`;
      return [path, { content: readFileSync(file), type: mediaTypeOf(file), immutable: path.startsWith('/assets/') }];
    });
};

const readEntries = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true });
