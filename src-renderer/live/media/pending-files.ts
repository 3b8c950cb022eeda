import { create } from 'zustand';
import type { AddedFile, MediaKind } from './add-file.ts';
import { addFile, UnfitFile } from './add-file.ts';

/** A file on its way into a message, or one that could not be added. */
export interface PendingFile {
  readonly id: string;
  /** Key of the message that it goes to. */
  readonly messageKey: string;
  readonly name: string;
  /** The fraction that has been read; null while the host stores it. */
  readonly fraction: number | null;
  /** Why it was not added; null while it is on its way. */
  readonly error: string | null;
}

/** The files of all messages, in the order in which they were given. */
export const usePendingFiles = create<{ readonly files: readonly PendingFile[] }>(() => ({ files: [] }));

const cancels = new Map<string, AbortController>();

/** Stores the bytes of files one after the other; `done` gets each as soon as it is there. */
export async function addFiles(
  messageKey: string,
  files: readonly File[],
  kind: MediaKind | null,
  done: (added: AddedFile, name: string) => void,
): Promise<void> {
  const waiting = files.map((file) => ({ file, id: crypto.randomUUID() }));
  const begun = waiting.map(({ file, id }): PendingFile => {
    cancels.set(id, new AbortController());
    return { id, messageKey, name: file.name, fraction: 0, error: null };
  });
  usePendingFiles.setState((state) => ({ files: [...state.files, ...begun] }));
  for (const { file, id } of waiting) {
    const signal = cancels.get(id)?.signal;
    if (signal === undefined) continue;
    try {
      // Reading ends before storing begins, which tells nothing of how far it is.
      const onProgress = (fraction: number) => change(id, { fraction: fraction < 1 ? fraction : null });
      done(await addFile(file, kind, onProgress, signal), file.name);
      dismissFile(id);
    } catch (error) {
      if (signal.aborted) continue;
      const reason = error instanceof Error ? error.message : String(error);
      change(id, { error: error instanceof UnfitFile ? reason : `“${file.name}” was not added. ${reason}` });
    }
  }
}

/** Stops adding a file, or takes away what is told of it. */
export function dismissFile(id: string): void {
  cancels.get(id)?.abort();
  cancels.delete(id);
  usePendingFiles.setState(({ files }) => ({ files: files.filter((file) => file.id !== id) }));
}

function change(id: string, next: Partial<PendingFile>): void {
  usePendingFiles.setState(({ files }) => ({
    files: files.map((file) => (file.id === id ? { ...file, ...next } : file)),
  }));
}
