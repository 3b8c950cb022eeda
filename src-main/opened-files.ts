import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The files among the arguments that the application was started with, as absolute paths. A missing model file is
 * included, because the window reports it; switches, folders and the program itself (the first argument) are not.
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

/** A queue of paths that the system asks to open before a window can show them. */
export interface FileQueue {
  add(path: string): void;
  /** Calls `listener` with the queued paths, and with later ones as they come. */
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
