import { largestImport, mostImportedFiles } from '../../../../src-core/contract/packs.ts';

/** A file that a person chose, dropped or pasted; not read yet. */
export interface ChosenFile {
  /** Relative to the chosen folder, with "/"; of a single file its name. */
  readonly path: string;
  readonly file: Blob;
}

/** What is given to one import. */
export interface ChosenFiles {
  readonly files: readonly ChosenFile[];
  /** Files of a folder that no text can be in, or that could not be opened. */
  readonly leftOut: number;
}

/** Why a choice cannot be imported; its message is for people. */
export class UnfitChoice extends Error {}

const megabyte = 1024 * 1024;
/** Bytes of one choice, as many as one import takes. */
export const largestChoice = largestImport;
const longestPath = 1_000;

/** Folders with a dot in front in which other tools keep prompts. */
const promptHomes = ['.github', '.cursor', '.cursorrules'];
/** Endings of files in which there is no text; a folder has them beside its prompts. */
const noText =
  /\.(?:gguf|safetensors|onnx|bin|exe|dll|so|dylib|wasm|class|jar|pyc|png|jpe?g|gif|webp|ico|bmp|tiff?|psd|mp[34]|m4a|wav|ogg|webm|mov|avi|zip|gz|tgz|bz2|xz|7z|rar|pdf|docx?|pptx?|ttf|otf|woff2?|sqlite3?|db)$/i;

/** Whether a folder, or a file in one, is left out because of its name. */
export function isLeftOut(name: string): boolean {
  return name === 'node_modules' || (name.startsWith('.') && !promptHomes.includes(name));
}

/** Collects files one after the other and throws `UnfitChoice` as soon as they are too many or too large. */
export interface FileCollector {
  add(path: string, file: File): void;
  /** A file of a folder, of which those without text are left out. */
  addFromFolder(path: string, file: File): void;
  leaveOut(): void;
  /** Throws when there is nothing. */
  finish(): ChosenFiles;
}

export function createFileCollector(): FileCollector {
  const files = new Map<string, ChosenFile>();
  let [bytes, leftOut] = [0, 0];
  const add = (path: string, file: File) => {
    if (files.size >= mostImportedFiles)
      throw new UnfitChoice(
        `These are more than ${mostImportedFiles.toLocaleString('en-US')} files, too many for one import. Choose fewer, or only the folder with the prompts.`,
      );
    bytes += file.size + path.length;
    if (bytes > largestChoice)
      throw new UnfitChoice(
        `These files have more than ${largestChoice / megabyte} MB, too much for one import. Choose fewer, or only the folder with the prompts.`,
      );
    const free = freePath(path, files);
    files.set(free, { path: free, file });
  };
  return {
    add,
    addFromFolder(path, file) {
      if (noText.test(path) || path.length > longestPath) leftOut += 1;
      else add(path, file);
    },
    leaveOut() {
      leftOut += 1;
    },
    finish() {
      if (files.size > 0) return { files: [...files.values()], leftOut };
      throw new UnfitChoice(
        leftOut === 0
          ? 'There are no files in it. Choose the folder with the prompts.'
          : 'There are no text files in it. Choose the folder with the prompts.',
      );
    },
  };
}

/** Two files from different folders may have one name; the host tells files apart by their paths. */
function freePath(path: string, files: ReadonlyMap<string, unknown>): string {
  if (!files.has(path)) return path;
  for (let number = 2; ; number += 1) if (!files.has(`${number}/${path}`)) return `${number}/${path}`;
}

/** Files that were picked one by one. */
export function chosenFiles(picked: readonly File[]): ChosenFiles {
  const collector = createFileCollector();
  for (const file of picked) collector.add(file.name.slice(-longestPath), file);
  return collector.finish();
}

/** Orders files as a person would, because a disk has another order on each machine. */
export const inOrder = new Intl.Collator('en', { numeric: true }).compare;

/** Files of a picked folder; the browser lists all of them, without reading any. */
export function chosenFolder(picked: readonly File[]): ChosenFiles {
  const collector = createFileCollector();
  const files = picked.toSorted((a, b) => inOrder(a.webkitRelativePath, b.webkitRelativePath));
  for (const file of files) {
    // The first part is the name of the folder itself.
    const parts = file.webkitRelativePath.split('/').slice(1);
    if (!parts.some(isLeftOut)) collector.addFromFolder(parts.join('/'), file);
  }
  return collector.finish();
}
