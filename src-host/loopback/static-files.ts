import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, relative, sep } from 'node:path';
import { mediaTypeOf } from '../../src-core/desktop/media-types.ts';
import { AppError } from '../../src-core/errors.ts';

interface StaticFile {
  readonly content: Buffer;
  readonly type: string;
  readonly immutable: boolean;
}

export interface StaticFiles {
  /** Answers when there is such a file; false when there is none. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

/**
 * The files of the built window, read once: a request picks from that list, so no path is ever made from its text, and a build
 * that replaces them does not tear the window of a running host apart.
 */
export const openStaticFiles = (folder: string): StaticFiles => {
  const files = new Map(listFiles(folder));
  const index = files.get('/index.html');
  if (!index) {
    throw new AppError('unavailable', `The window is not built: "${folder}" has no index.html. Run "npm run build".`);
  }
  files.set('/', index);
  return {
    serve: (path, request, response) => {
      const found = files.get(path);
      if (!found) return false;
      response.writeHead(200, {
        'Content-Type': found.type,
        'Content-Length': found.content.length,
        // Names of built assets carry a hash of their content.
        'Cache-Control': found.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
      });
      response.end(request.method === 'HEAD' ? undefined : found.content);
      return true;
    },
  };
};

const listFiles = (folder: string): [string, StaticFile][] => {
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
