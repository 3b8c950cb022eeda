import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The files among the arguments that the application was started with, as absolute paths. A model that is not there is among
 * them, because the window says so; switches, folders and the program itself (the first argument) are not.
 */
export function openedFiles(argv: readonly string[], folder: string): string[] {
  return argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-'))
    .map((argument) => resolve(folder, argument))
    .filter((path) => isFile(path) ?? /\.gguf$/i.test(path));
}

/** Null when there is nothing at that path. */
function isFile(path: string): boolean | null {
  try {
    return statSync(path).isFile();
  } catch {
    return null;
  }
}

/** Paths that the system asks to open before anybody can show them; they wait for whoever takes them. */
export interface FileQueue {
  add(path: string): void;
  /** Takes what waits now, and from then on each as it comes. */
  follow(listener: (paths: readonly string[]) => void): void;
}

export function createFileQueue(): FileQueue {
  let waiting: string[] = [];
  let take: ((paths: readonly string[]) => void) | null = null;
  return {
    add(path) {
      if (take === null) waiting.push(path);
      else take([path]);
    },
    follow(listener) {
      take = listener;
      if (waiting.length > 0) listener(waiting);
      waiting = [];
    },
  };
}
