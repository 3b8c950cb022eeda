import { AppError } from '../scope/errors.ts';

/*
 * What bytes are is told by themselves, never by a name or a claim: a model, and a window that shows an image, must get what
 * it was promised.
 */

/** The types whose bytes are known, and where in a message they may stand. */
const known = {
  'image/png': 'image',
  'image/jpeg': 'image',
  'image/gif': 'image',
  'image/webp': 'image',
  'audio/mpeg': 'audio',
  'audio/wav': 'audio',
  'audio/ogg': 'audio',
  'audio/mp4': 'audio',
  'application/pdf': 'file',
} as const;
type KnownType = keyof typeof known;

const otherNames: Readonly<Record<string, KnownType>> = {
  'image/jpg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'application/ogg': 'audio/ogg',
};

/** Whether a blob of this type can stand in a message as such a part; everything can as a file. */
export function fitsPart(type: 'image' | 'audio' | 'file', mediaType: string): boolean {
  return type === 'file' || (Object.hasOwn(known, mediaType) && known[mediaType as KnownType] === type);
}

/** The type that is stored for bytes. Throws `invalid` when they are not what they are said to be. */
export function mediaTypeOf(bytes: Uint8Array, claimed: string): string {
  const shown = sniff(bytes);
  if (shown !== null) return shown;
  const said = claimed.toLowerCase();
  const meant = otherNames[said] ?? said;
  if (!Object.hasOwn(known, meant)) return said;
  throw new AppError(
    'invalid',
    `The bytes are no ${meant}: they do not begin as such a file does. Add them with their own type, or as application/octet-stream.`,
    { mediaType: claimed },
  );
}

/** The known type that the first bytes show; null when they show none. */
function sniff(bytes: Uint8Array): KnownType | null {
  const ascii = (start: number, text: string) =>
    bytes.length >= start + text.length &&
    [...text].every((character, i) => bytes[start + i] === character.charCodeAt(0));
  if (bytes[0] === 0x89 && ascii(1, 'PNG\r\n\x1a\n')) return 'image/png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (ascii(0, 'GIF87a') || ascii(0, 'GIF89a')) return 'image/gif';
  if (ascii(0, 'RIFF') && ascii(8, 'WEBP')) return 'image/webp';
  if (ascii(0, 'RIFF') && ascii(8, 'WAVE')) return 'audio/wav';
  if (ascii(0, 'OggS')) return 'audio/ogg';
  if (ascii(4, 'ftypM4A') || ascii(4, 'ftypM4B')) return 'audio/mp4';
  if (ascii(0, '%PDF-')) return 'application/pdf';
  if (ascii(0, 'ID3') || isMpegFrame(bytes)) return 'audio/mpeg';
  return null;
}

/** The header of an MPEG audio frame of layer 3, with a bit rate and a sampling rate that exist. */
function isMpegFrame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const isSync = first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x18) !== 0x08 && (second & 0x06) === 0x02;
  const bitRate = third >> 4;
  return isSync && bitRate !== 0 && bitRate !== 15 && (third & 0x0c) !== 0x0c;
}
