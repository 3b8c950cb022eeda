import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the project. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A path inside the project. */
export function inProject(...parts) {
  return join(root, ...parts);
}

/** A file of `.cache`, whose folder then exists. */
export function cacheFile(name) {
  mkdirSync(inProject('.cache'), { recursive: true });
  return inProject('.cache', name);
}

/** Opens a new log for a child process; its path is shown when the child fails. */
export function openLog(name) {
  const path = cacheFile(name);
  return { path, handle: openSync(path, 'w') };
}

/** The last lines of a log. */
export function tailOf(path, lines = 30) {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/** The value of a JSON file, or null when there is none that can be read. */
export function readJson(path) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** An error that is shown as its message only, without a stack. */
export class Sentence extends Error {}
