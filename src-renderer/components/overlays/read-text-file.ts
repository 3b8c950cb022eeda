import { decodeText } from '../../../src-core/content/files/decode-text.ts';
import { attempt } from './attempt.ts';
import { toast } from './toast.tsx';

/** The text of a file that a person chose, in whatever encoding it is; null, with a toast that says why, when it is no text. */
export async function readTextFile(file: File): Promise<string | null> {
  const decoded = await attempt(`${file.name} was not read`, async () =>
    decodeText(file.name, new Uint8Array(await file.arrayBuffer())),
  );
  if (decoded?.isGuess) {
    toast(`${file.name} was read as ${decoded.encoding}`, {
      description: 'If its letters look wrong, save it as UTF-8 and open it again.',
    });
  }
  return decoded?.text ?? null;
}
