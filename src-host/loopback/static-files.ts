import type { IncomingMessage, ServerResponse } from 'node:http';
import { readWindowFiles } from './window-files.ts';

export interface StaticFiles {
  /** Answers when there is such a file; false when there is none. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

/** Serves the built window over HTTP. */
export function openStaticFiles(folder: string): StaticFiles {
  const files = readWindowFiles(folder);
  return {
    serve: (path, request, response) => {
      const found = files.get(path);
      if (!found) return false;
      response.writeHead(200, {
        'Content-Type': found.type,
        'Content-Length': found.content.length,
        'Cache-Control': found.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
      });
      response.end(request.method === 'HEAD' ? undefined : found.content);
      return true;
    },
  };
}
