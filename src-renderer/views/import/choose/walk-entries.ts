import { type ChosenFiles, createFileCollector, type FileCollector, inOrder, isLeftOut } from './chosen-files.ts';

/**
 * Files among what was dropped, with those of its folders; throws `UnfitChoice` before any is read when they are too many or
 * too large. The paths are relative to a folder that was dropped alone.
 */
export async function walkEntries(entries: readonly FileSystemEntry[], signal: AbortSignal): Promise<ChosenFiles> {
  const collector = createFileCollector();
  const [first] = entries;
  const isOneFolder = entries.length === 1 && first !== undefined && isFolder(first);
  for (const entry of entries) {
    if (isFolder(entry)) await walkFolder(entry, isOneFolder ? '' : `${entry.name}/`, collector, signal);
    else if (isFile(entry)) collector.add(entry.name, await fileOf(entry));
  }
  return collector.finish();
}

async function walkFolder(
  folder: FileSystemDirectoryEntry,
  prefix: string,
  collector: FileCollector,
  signal: AbortSignal,
): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    signal.throwIfAborted();
    if (isLeftOut(entry.name)) continue;
    if (isFolder(entry)) await walkFolder(entry, `${prefix}${entry.name}/`, collector, signal);
    else if (isFile(entry)) {
      const file = await fileOf(entry).catch(() => null);
      // A broken link, or one that this person may not open.
      if (file === null) collector.leaveOut();
      else collector.addFromFolder(`${prefix}${entry.name}`, file);
    }
  }
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    // A browser gives a hundred at a time, and none at the end.
    if (some.length === 0) return all.sort((a, b) => inOrder(a.name, b.name));
    all.push(...some);
  }
}

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
