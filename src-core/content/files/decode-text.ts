import { AppError } from '../../scope/errors.ts';

/** A file's text, and the encoding that it was in. */
export interface DecodedText {
  /** Without a byte order mark. */
  readonly text: string;
  /** As in `UTF-8`, `UTF-16LE` or `Shift_JIS`. */
  readonly encoding: string;
  /** True where nothing but statistics says so: a person should be told. */
  readonly isGuess: boolean;
}

/** Encodings that files are still saved in, by their names for `TextDecoder`; UTF-8 and UTF-16 are recognised by their form. */
const legacyEncodings: Readonly<Record<string, string>> = {
  'windows-1252': 'Windows-1252',
  'windows-1250': 'Windows-1250',
  'windows-1251': 'Windows-1251',
  'windows-1253': 'Windows-1253',
  'windows-1254': 'Windows-1254',
  'windows-1255': 'Windows-1255',
  'windows-1256': 'Windows-1256',
  'windows-1257': 'Windows-1257',
  'windows-1258': 'Windows-1258',
  'windows-874': 'Windows-874',
  'iso-8859-2': 'ISO-8859-2',
  'iso-8859-5': 'ISO-8859-5',
  'koi8-r': 'KOI8-R',
  'koi8-u': 'KOI8-U',
  ibm866: 'IBM866',
  macintosh: 'Macintosh',
  shift_jis: 'Shift_JIS',
  'euc-jp': 'EUC-JP',
  'iso-2022-jp': 'ISO-2022-JP',
  gb18030: 'GB18030',
  big5: 'Big5',
  'euc-kr': 'EUC-KR',
};

/** What the detector calls some of them. */
const otherNames: Readonly<Record<string, string>> = {
  'iso-8859-1': 'windows-1252',
  'iso-8859-7': 'windows-1253',
  'iso-8859-8': 'windows-1255',
  'iso-8859-9': 'windows-1254',
  'iso8859-15': 'windows-1252',
  'tis-620': 'windows-874',
  cp874: 'windows-874',
  cp932: 'shift_jis',
  cp949: 'euc-kr',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  'mac-roman': 'macintosh',
  macroman: 'macintosh',
};

const maxTextBytes = 64 * 1024 * 1024;

/** How much more often than its like an encoding is met; statistics do not know that. */
const commonness: Readonly<Record<string, number>> = {
  'windows-1252': 2.5,
  shift_jis: 2,
  'windows-1257': 0.5,
  'windows-1258': 0.5,
  macintosh: 0.5,
};

/** A second reading that is not this much less likely makes the first one a coin toss. */
const clearLead = 1.5;
/** What the statistics look at; a file is in one encoding. */
const sampleBytes = 64 * 1024;

/**
 * Decodes a text file: UTF-8, UTF-16 and UTF-32 by their form, else the legacy encoding that the bytes most likely are.
 * Throws `invalid` where that cannot be told or the file is no text; the result never holds a replacement character that
 * the file does not have.
 */
export async function decodeText(name: string, bytes: Uint8Array): Promise<DecodedText> {
  if (bytes.length > maxTextBytes)
    throw new AppError(
      'invalid',
      `${name} has ${Math.ceil(bytes.length / 1024 / 1024)} MB; a text file may have at most ${maxTextBytes / 1024 / 1024} MB here.`,
      { name },
    );
  const unicode = decodeMarked(name, bytes) ?? decodeUtf8(bytes) ?? decodeUtf16(bytes);
  if (unicode !== null) return unicode;
  if (bytes.includes(0)) throw new AppError('invalid', `${name} is no text file: it holds zero bytes.`, { name });
  refuseBrokenUtf8(name, bytes);
  const readings = await likelyReadings(bytes);
  const [best, second] = readings;
  if (best === undefined)
    throw new AppError(
      'invalid',
      `${name} is not UTF-8, and no other encoding fits its bytes. Save it as UTF-8 and try again.`,
      { name },
    );
  if (second !== undefined && best.weight < second.weight * clearLead) {
    const names = [best, second].map(({ label }) => legacyEncodings[label]).join(' or ');
    throw new AppError(
      'invalid',
      `${name} is not UTF-8; it could be ${names}, and its text is too short to tell. Save it as UTF-8 and try again.`,
      { name },
    );
  }
  return { text: decode(bytes, best.label)!, encoding: legacyEncodings[best.label]!, isGuess: true };
}

function decode(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A file that says what it is with a byte order mark; it must then be that. */
function decodeMarked(name: string, bytes: Uint8Array): DecodedText | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return certain(name, 'UTF-32LE', decodeUtf32(bytes, true));
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return certain(name, 'UTF-32BE', decodeUtf32(bytes, false));
  if (a === 0xff && b === 0xfe) return certain(name, 'UTF-16LE', decode(bytes, 'utf-16le'));
  if (a === 0xfe && b === 0xff) return certain(name, 'UTF-16BE', decode(bytes, 'utf-16be'));
  if (a === 0xef && b === 0xbb && c === 0xbf) return certain(name, 'UTF-8', decode(bytes, 'utf-8'));
  return null;
}

function certain(name: string, encoding: string, text: string | null): DecodedText {
  if (text !== null) return { text, encoding, isGuess: false };
  throw new AppError(
    'invalid',
    `${name} begins with the mark of ${encoding} but is broken: not all of its bytes are ${encoding}. It may be cut off; save it again.`,
    { name },
  );
}

function decodeUtf8(bytes: Uint8Array): DecodedText | null {
  if (bytes.includes(0)) return null;
  const text = decode(bytes, 'utf-8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of ISO-2022-JP begin with one
  const isJapanese = /\u001b[$(][@BJI]/;
  // ISO-2022-JP is ASCII with escape sequences, so it passes for UTF-8.
  if (text === null || isJapanese.test(text)) return null;
  return { text, encoding: 'UTF-8', isGuess: false };
}

/** UTF-8 with a few bad bytes is valid in other encodings, in which every character beyond ASCII reads wrong. */
function refuseBrokenUtf8(name: string, bytes: Uint8Array): void {
  const text = new TextDecoder('utf-8').decode(bytes);
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const whole = text.match(/(?!\ufffd)\P{ASCII}/gu)?.length ?? 0;
  // By chance two bytes of another encoding form such a character now and then, never most of them.
  if (broken === 0 || whole < 2 * broken) return;
  const before = text.slice(0, text.indexOf('\ufffd'));
  const line = before.split(/\r\n|[\r\n]/).length;
  throw new AppError(
    'invalid',
    `${name} is UTF-8 but for ${broken === 1 ? 'a broken character' : `${broken} broken characters`}, ${broken === 1 ? '' : 'the first '}in line ${line}. It may be cut off, or joined from files in several encodings; mend it and save it as UTF-8.`,
    { name, line },
  );
}

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string | null {
  if (bytes.length % 4 !== 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 4; at < bytes.length; at += 4) {
    const point = view.getUint32(at, littleEndian);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null;
    parts.push(String.fromCodePoint(point));
  }
  return parts.join('');
}

/** UTF-16 without a mark: the line ends, separators and digits of any text have their zero byte on the same side. */
function decodeUtf16(bytes: Uint8Array): DecodedText | null {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return null;
  const zeros = [0, 0];
  for (let at = 0; at < Math.min(bytes.length, sampleBytes); at += 1) if (bytes[at] === 0) zeros[at % 2]! += 1;
  const [even = 0, odd = 0] = zeros;
  if (Math.min(even, odd) * 20 > Math.max(even, odd) || Math.max(even, odd) === 0) return null;
  // Plain text with a stray zero byte is text with a zero byte; in UTF-16 it would have one beside most letters.
  const units = Math.min(bytes.length, sampleBytes) / 2;
  if (Math.max(even, odd) < units * 0.3 && isPlainButForZeros(bytes)) return null;
  const encoding = odd > even ? 'UTF-16LE' : 'UTF-16BE';
  const text = decode(bytes, encoding.toLowerCase());
  return text === null || hasControls(text) ? null : { text, encoding, isGuess: false };
}

function isPlainButForZeros(bytes: Uint8Array): boolean {
  const text = decode(
    bytes.filter((byte) => byte !== 0),
    'utf-8',
  );
  return text !== null && !hasControls(text);
}

interface Reading {
  readonly label: string;
  readonly weight: number;
}

/** Encodings that the bytes are valid in, the likeliest first; those that read the same text count once. */
async function likelyReadings(bytes: Uint8Array): Promise<readonly Reading[]> {
  // A megabyte of statistics, for the few files that are not UTF-8.
  const { chardet } = await import('jschardet');
  const sample = wholeLines(bytes);
  const found = chardet.detectAll(sample, { encodingEra: chardet.EncodingEra.ALL, ignoreThreshold: true });
  // A few accents in an English table look like nothing to statistics, and are nearly always this.
  const weights = new Map([['windows-1252', 0.01]]);
  for (const { encoding, confidence } of found) {
    const name = encoding?.toLowerCase() ?? '';
    const label = otherNames[name] ?? name;
    if (Object.hasOwn(legacyEncodings, label)) weights.set(label, Math.max(weights.get(label) ?? 0, confidence));
  }
  const readings = new Map<string, Reading>();
  for (const [label, confidence] of weights) {
    const text = decode(sample, label);
    if (text === null || hasControls(text)) continue;
    const weight = confidence * (commonness[label] ?? 1) * plausibility(text);
    if (weight > (readings.get(text)?.weight ?? 0)) readings.set(text, { label, weight });
  }
  const likely = [...readings.values()].sort((a, b) => b.weight - a.weight);
  return bytes.length === sample.length ? likely : likely.filter(({ label }) => decode(bytes, label) !== null);
}

/** The first lines of a large file, so that no character is cut in two. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= sampleBytes) return bytes;
  const end = bytes.lastIndexOf(0x0a, sampleBytes);
  return end < 0 ? bytes : bytes.subarray(0, end + 1);
}

function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no text file holds these, so the encoding is another
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f-\u009f\ufffe\uffff]/.test(text);
}

const latinBesideOther =
  /[a-z](?=[\p{sc=Grek}\p{sc=Cyrl}\p{sc=Hebr}\p{sc=Arab}\p{sc=Thai}])|[\p{sc=Grek}\p{sc=Cyrl}\p{sc=Hebr}\p{sc=Arab}\p{sc=Thai}](?=[a-z])/giu;
const hanInHangul = /\p{sc=Hang}(?=\p{sc=Han})|\p{sc=Han}(?=\p{sc=Hang})/gu;
const symbolInWord = /\p{L}[^\p{L}\p{M}\p{N}\p{P}\p{Z}\p{Cc}'](?=\p{L})/gu;
const capitalInWord = /\p{Ll}(?=[\u0080-\uffff])\p{Lu}/gu;

/** From 0 to 1: foreign text is mostly letters, and no language writes Latin letters within Greek words, symbols within words, or capitals after small letters. */
function plausibility(text: string): number {
  const odd = [latinBesideOther, hanInHangul, symbolInWord, capitalInWord].reduce(
    (count, pattern) => count + (text.match(pattern)?.length ?? 0),
    0,
  );
  const foreign = text.match(/\P{ASCII}/gu)?.length ?? 1;
  const letters = text.match(/(?=\P{ASCII})[\p{L}\p{M}]/gu)?.length ?? 0;
  return Math.max(0.02, 1 - (4 * odd) / foreign) * Math.max(0.1, letters / foreign);
}
