import { create } from 'zustand';
import type { GivenFile } from '../../../src-core/contract/packs.ts';
import { type ChosenFiles, UnfitChoice } from './choose/chosen-files.ts';
import { type ReadFiles, readFiles } from './choose/read-files.ts';
import { counted } from './plan/import-words.ts';

export type ImportTab = 'files' | 'paste';

/** How far the dialog has come. */
export type ImportStep =
  | { readonly kind: 'choose'; readonly problem: string | null }
  /** `total` is null while folders are looked through. */
  | { readonly kind: 'reading'; readonly done: number; readonly total: number | null }
  | { readonly kind: 'plan'; readonly files: readonly GivenFile[]; readonly notice: string | null };

interface ImportState {
  readonly open: 'import' | 'list' | null;
  readonly tab: ImportTab;
  readonly step: ImportStep;
}

const first: ImportStep = { kind: 'choose', problem: null };

/** The dialogs about importing; what they show stands here, because files are dropped anywhere in the window. */
export const useImport = create<ImportState>(() => ({ open: null, tab: 'files', step: first }));

let reading = new AbortController();
const progressMs = 80;

/** Opens the dialog where files are chosen, or where a text is pasted. */
export function openImport(tab: ImportTab): void {
  reading.abort();
  useImport.setState({ open: 'import', tab, step: first });
}

/** Opens the list of imports. */
export function openImportList(): void {
  useImport.setState({ open: 'list' });
}

/** Closes whichever is open, and stops what it reads. */
export function closeImport(): void {
  reading.abort();
  useImport.setState({ open: null, step: first });
}

/** Goes back to the choice. */
export function chooseAgain(problem: string | null = null): void {
  reading.abort();
  useImport.setState({ step: { kind: 'choose', problem } });
}

/** Opens the dialog with files: reads them and shows what importing them would do. */
export async function takeFiles(find: (signal: AbortSignal) => Promise<ChosenFiles> | ChosenFiles): Promise<void> {
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  const show = (step: ImportStep) => useImport.setState({ step });
  useImport.setState({ open: 'import', step: { kind: 'reading', done: 0, total: null } });
  try {
    const chosen = await find(signal);
    signal.throwIfAborted();
    const total = chosen.files.length;
    show({ kind: 'reading', done: 0, total });
    let shownAt = 0;
    const onProgress = (done: number) => {
      // A window that draws each of thousands of files has no time to read them.
      if (performance.now() - shownAt < progressMs) return;
      shownAt = performance.now();
      show({ kind: 'reading', done, total });
    };
    const read = await readFiles(chosen, onProgress, signal);
    show({ kind: 'plan', files: read.files, notice: noticeOf(read) });
  } catch (error) {
    if (signal.aborted) return;
    show({ kind: 'choose', problem: problemOf(error) });
  }
}

function problemOf(error: unknown): string {
  if (error instanceof UnfitChoice) return error.message;
  return `The files could not be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** What of the choice is not among the files that were read; null when everything is. */
function noticeOf({ unread, leftOut }: ReadFiles): string | null {
  const sentences = [
    ...(unread.length === 0
      ? []
      : [
          `${counted(unread.length, 'file')} could not be read: ${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ', …' : ''}.`,
        ]),
    ...(leftOut === 0 ? [] : [`${counted(leftOut, 'file')} without text ${leftOut === 1 ? 'was' : 'were'} left out.`]),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}
