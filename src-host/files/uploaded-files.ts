import { resolve } from 'node:path';

/** Model files that a browser sent to this process, by path. */
const uploaded = new Set<string>();

/** Registers a file that a browser sent, so that it is deleted with its model, or when it is no model. */
export function rememberUpload(path: string): void {
  uploaded.add(resolve(path));
}

/** Whether a file was uploaded; a person may also have put files of their own into the same folder. */
export function isUpload(path: string): boolean {
  return uploaded.has(resolve(path));
}
