import { connectMessagePort } from '../../src-core/client/connect.ts';
import type { DesktopContract } from '../../src-core/desktop/contract.ts';
import { follow } from '../live/follow.ts';
import { nextPort, runsInElectron } from '../live/ports.ts';
import { runCommand } from './commands.ts';

export interface FileFilter {
  readonly name: string;
  /** Without the dot. */
  readonly extensions: readonly string[];
}

/** A file that a person picked: on the desktop its path, in a browser the file itself. */
export type PickedFile =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'file'; readonly file: File };

/** What only the desktop, or the browser in its place, can do. */
export interface Desktop {
  /** Null when the person cancels. */
  pickFile(title: string, filters: readonly FileFilter[]): Promise<PickedFile | null>;
  /** Saves where the person chooses; false when they cancel. */
  saveText(title: string, suggestedName: string, text: string): Promise<boolean>;
  /** Shows a file in the file manager; null where that is not possible. */
  readonly revealPath: ((path: string) => void) | null;
}

type FilesListener = (paths: readonly string[]) => void;
let takeFiles: FilesListener | null = null;
let waitingFiles: readonly string[] = [];

/**
 * Calls back with absolute paths of files that a person opened with the application or dropped on its window, starting
 * with those that came earlier. Returns the unsubscriber. In a browser there are none.
 */
export function onFilesOpened(listener: FilesListener): () => void {
  takeFiles = listener;
  if (waitingFiles.length > 0) listener(waitingFiles);
  waitingFiles = [];
  return () => {
    if (takeFiles === listener) takeFiles = null;
  };
}

function openFiles(paths: readonly string[]): void {
  if (takeFiles === null) waitingFiles = [...waitingFiles, ...paths];
  else takeFiles(paths);
}

/** The desktop this window is on. */
export const desktop: Desktop = runsInElectron ? electronDesktop() : browserDesktop();

function electronDesktop(): Desktop {
  const { client } = connectMessagePort<DesktopContract>(() => nextPort('desktop'));
  void followShell(client);
  takeDrops();
  return {
    pickFile: async (title, filters) => {
      const picked = await client.openFile({ title, filters: filters.map(toMutable) });
      return picked && { kind: 'path', path: picked.path };
    },
    saveText: async (title, suggestedName, text) => (await client.saveFile({ title, suggestedName, text })) !== null,
    revealPath: (path) => void client.revealPath({ path }),
  };
}

/** Carries out what is chosen in the native menu, and takes the files that the shell was given. */
function followShell(client: ReturnType<typeof connectMessagePort<DesktopContract>>['client']): Promise<void> {
  return follow(
    () => client.events(),
    (event) => {
      if (event.kind === 'command') runCommand(event.id);
      else openFiles(event.paths);
    },
    new AbortController().signal,
  );
}

/** Keeps the page from opening dropped files; in Electron the preload script tells the shell their paths. */
function takeDrops(): void {
  const hold = (event: DragEvent) => event.dataTransfer?.types.includes('Files') && event.preventDefault();
  window.addEventListener('dragover', hold);
  window.addEventListener('drop', hold);
}

const toMutable = (filter: FileFilter) => ({ name: filter.name, extensions: [...filter.extensions] });

function browserDesktop(): Desktop {
  takeDrops();
  return {
    pickFile: (_title, filters) =>
      new Promise((resolve) => {
        const input = document.createElement('input');
        input.type = 'file';
        input.accept = filters.flatMap((filter) => filter.extensions.map((extension) => `.${extension}`)).join(',');
        input.addEventListener('change', () => {
          const file = input.files?.[0];
          resolve(file === undefined ? null : { kind: 'file', file });
        });
        input.addEventListener('cancel', () => resolve(null));
        input.click();
      }),
    saveText: async (_title, suggestedName, text) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
      link.download = suggestedName;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      return true;
    },
    revealPath: null,
  };
}
