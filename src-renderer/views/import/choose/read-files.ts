import type { GivenFile } from '../../../../src-core/contract/packs.ts';
import { readDataUrl } from '../../../live/media/add-file.ts';
import { type ChosenFiles, UnfitChoice } from './chosen-files.ts';

/** Files as they are sent to the host. */
export interface ReadFiles {
  readonly files: readonly GivenFile[];
  /** Paths of files that could not be read; the others are imported without them. */
  readonly unread: readonly string[];
  readonly leftOut: number;
}

const atOnce = 24;

/** Reads the bytes of all files; rejects when none can be read, or when `signal` says so. */
export async function readFiles(
  { files, leftOut }: ChosenFiles,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<ReadFiles> {
  const read: (GivenFile | null)[] = Array.from(files, () => null);
  let [next, done] = [0, 0];
  const work = async () => {
    for (let index = next++; index < files.length; index = next++) {
      const { path, file } = files[index]!;
      const data = await readBase64(file, path, signal).catch(() => null);
      signal.throwIfAborted();
      read[index] = data === null ? null : { path, data, attached: false };
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const unread = files.filter((_, index) => read[index] === null).map(({ path }) => path);
  const given = read.filter((file) => file !== null);
  if (given.length > 0) return { files: given, unread, leftOut };
  throw new UnfitChoice(
    files.length === 1
      ? `“${unread[0]}” could not be read. Look whether it is still there and may be opened.`
      : 'None of these files could be read. Look whether they are still there and may be opened.',
  );
}

async function readBase64(blob: Blob, path: string, signal: AbortSignal): Promise<string> {
  if (blob.size === 0) return '';
  const file = blob instanceof File ? blob : new File([blob], path);
  const url = await readDataUrl(file, () => {}, signal);
  return url.slice(url.indexOf(',') + 1);
}
