import { charsetIn } from './body-text.ts';

/**
 * The text of an error page: as UTF-8 when it is valid UTF-8, whatever its headers say, else in the stated character
 * set, else as Windows-1252.
 */
export function errorText(bytes: Uint8Array, contentType: string | null, isWhole: boolean): string {
  const named = charsetIn(contentType);
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  if (marked !== null) return decode(bytes, marked) ?? '';
  // The last character may be incomplete where the page was cut.
  for (let cut = 0; cut < (isWhole ? 1 : 4); cut += 1) {
    const text = decode(bytes.subarray(0, bytes.length - cut), 'utf-8');
    if (text !== null) return text;
  }
  return (named === null ? null : decode(bytes, named)) ?? decode(bytes, 'windows-1252') ?? '';
}

/** Null when the bytes are not valid in this set, or the set is not known. */
function decode(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
