import { create } from 'zustand';
import { toastError } from '../../../components/overlays/toast.tsx';
import { client } from '../../../live/api.ts';
import { showView } from '../../../workbench/layout.ts';
import { openModel } from '../state/model-actions.ts';
import { refreshModels } from '../state/use-models.ts';
import { upload } from './upload.ts';

/** A file on its way to becoming a model. */
export interface Import {
  readonly id: number;
  readonly fileName: string;
  readonly step:
    | { readonly kind: 'uploading'; readonly progress: number }
    /** The host reads the header and hashes the file. */
    | { readonly kind: 'checking' }
    | { readonly kind: 'failed'; readonly message: string };
}

/** Files that are being added now, and those that could not be. */
export const useImports = create<{ readonly imports: readonly Import[] }>(() => ({ imports: [] }));

const stops = new Map<number, AbortController>();
let count = 0;

/** Adds a GGUF that the host can read at this absolute path; rejects when it cannot, and the list says so too. */
export async function importPath(path: string): Promise<void> {
  const id = begin(fileNameOf(path), { kind: 'checking' });
  const problem = await finish(id, path);
  if (problem !== null) throw new FailedImport(id, problem);
}

/** Why a file did not become a model. */
export class FailedImport extends Error {
  readonly importId: number;

  constructor(importId: number, message: string) {
    super(message);
    this.importId = importId;
  }
}

/** Adds the models among files that were opened with the application or dropped on it; says why others are not opened. */
export function importOpened(paths: readonly string[]): void {
  for (const path of paths) {
    if (isModelFile(path)) {
      showView('models');
      void importPath(path);
    } else {
      toastError(
        `${fileNameOf(path)} was not opened`,
        'Only GGUF models (.gguf) are opened like this. Drop other files on the window to import the prompts in them.',
      );
    }
  }
}

/** Whether a file is a model by its name. */
export function isModelFile(name: string): boolean {
  return /\.gguf$/i.test(name);
}

const fileNameOf = (path: string): string => path.split(/[\\/]/).at(-1) || path;

/** Sends a GGUF from the browser to the host, and adds it. */
export async function importFile(file: File): Promise<void> {
  if (!isModelFile(file.name)) {
    const id = begin(file.name, { kind: 'checking' });
    return fail(id, `PromptDev runs GGUF models; "${file.name}" does not end in .gguf.`);
  }
  const id = begin(file.name, { kind: 'uploading', progress: 0 });
  const stop = new AbortController();
  stops.set(id, stop);
  try {
    const path = await upload(file, (progress) => setStep(id, { kind: 'uploading', progress }), stop.signal);
    setStep(id, { kind: 'checking' });
    await finish(id, path);
  } catch (error) {
    if (stop.signal.aborted) dismissImport(id);
    else fail(id, error instanceof Error ? error.message : String(error));
  } finally {
    stops.delete(id);
  }
}

/** Stops an upload, or takes a failed import off the list. */
export function dismissImport(id: number): void {
  stops.get(id)?.abort();
  useImports.setState(({ imports }) => ({ imports: imports.filter((other) => other.id !== id) }));
}

/** What went wrong, or null. */
async function finish(id: number, path: string): Promise<string | null> {
  try {
    const model = await client.models.addLocal({ path });
    dismissImport(id);
    await refreshModels();
    openModel(model);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    fail(id, message);
    return message;
  }
}

function begin(fileName: string, step: Import['step']): number {
  count += 1;
  const entry = { id: count, fileName, step };
  useImports.setState(({ imports }) => ({ imports: [...imports, entry] }));
  return entry.id;
}

const fail = (id: number, message: string) => setStep(id, { kind: 'failed', message });

function setStep(id: number, step: Import['step']): void {
  useImports.setState(({ imports }) => ({ imports: imports.map((one) => (one.id === id ? { ...one, step } : one)) }));
}
