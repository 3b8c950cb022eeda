/** The text of an answer as its bytes arrive, whatever character set they are in. */
export interface BodyText {
  push(bytes: Uint8Array): string;
  /** What is left, once no more comes. */
  end(): string;
  /** Notes about the decoding, each without its subject; empty when there is nothing to say. */
  notes(): readonly string[];
}

type Decoder = InstanceType<typeof TextDecoder>;

type Mode =
  | { readonly kind: 'start' }
  | { readonly kind: 'utf-8' }
  /** Line by line, because each line may show its own character set. */
  | { readonly kind: 'lines' }
  | { readonly kind: 'wide'; readonly decoder: Decoder };

/** Character sets that servers often state wrongly, so that valid UTF-8 is read as UTF-8. */
const latin = ['windows-1252', 'utf-8'];
/** Sets in which two bytes of a character may look like UTF-8 by chance. */
const manyBytes = ['gbk', 'gb18030', 'big5', 'euc-kr', 'euc-jp', 'shift_jis', 'iso-2022-jp'];

/** The name that a content type has for its character set, as `TextDecoder` spells it; null where it has none that is known. */
export function charsetIn(contentType: string | null): string | null {
  const named = /charset\s*=\s*["']?\s*([^\s"';,]+)/i.exec(contentType ?? '')?.[1];
  if (named === undefined) return null;
  try {
    return new TextDecoder(/^(?:cp|ms)9(?:36|32|49|50)$/i.test(named) ? pages[named.slice(2)]! : named).encoding;
  } catch {
    return null;
  }
}

/** Numbers of Windows code pages, which `TextDecoder` does not know. */
const pages: Readonly<Record<string, string>> = { 936: 'gbk', 932: 'shift_jis', 949: 'euc-kr', 950: 'big5' };

/**
 * Decodes a body: as UTF-8 when it is valid UTF-8, whatever its content type says, else in the stated character set,
 * else as Windows-1252.
 */
export function createBodyText(contentType: string | null): BodyText {
  const named = charsetIn(contentType);
  let mode: Mode = { kind: 'start' };
  /** Bytes that wait for the rest of their character, or of their line. */
  let held: Uint8Array[] = [];
  /** Characters beyond ASCII were read as UTF-8. */
  let provedUtf8 = false;
  let guessed = false;
  let broken = false;

  function start(bytes: Uint8Array): string {
    const wide = wideSet(bytes);
    if (wide !== null) {
      const decoder = new TextDecoder(wide);
      mode = { kind: 'wide', decoder };
      return checked(decoder.decode(bytes, { stream: true }));
    }
    mode = named !== null && !latin.includes(named) ? { kind: 'lines' } : { kind: 'utf-8' };
    return read(isMarked(bytes) ? bytes.subarray(3) : bytes);
  }

  function read(bytes: Uint8Array): string {
    if (mode.kind === 'lines') return readLines(bytes);
    const all = joined(held, bytes);
    const whole = all.subarray(0, all.length - cutLength(all));
    const text = decode(whole, 'utf-8');
    if (text === null) {
      held = [];
      mode = { kind: 'lines' };
      return readLines(all);
    }
    provedUtf8 ||= text.length < whole.length;
    held = whole.length === all.length ? [] : [all.slice(whole.length)];
    return text;
  }

  function readLines(bytes: Uint8Array): string {
    const end = Math.max(bytes.lastIndexOf(0x0a), bytes.lastIndexOf(0x0d)) + 1;
    if (end === 0) {
      held.push(bytes.slice());
      return '';
    }
    const lines = joined(held, bytes.subarray(0, end));
    held = end === bytes.length ? [] : [bytes.slice(end)];
    return textOf(lines);
  }

  /** Decodes lines together when they are of one kind, else each separately. */
  function textOf(lines: Uint8Array): string {
    const end = lines.indexOf(0x0a) + 1;
    if (end === 0 || end === lines.length) return lineOf(lines);
    let text = '';
    for (let at = 0; at < lines.length; ) {
      const next = lines.indexOf(0x0a, at) + 1 || lines.length;
      text += lineOf(lines.subarray(at, next));
      at = next;
    }
    return text;
  }

  function lineOf(line: Uint8Array): string {
    const utf8 = decode(line, 'utf-8');
    if (named !== null && manyBytes.includes(named)) {
      const own = decode(line, named);
      // A valid three-byte sequence is hardly chance.
      if (utf8 !== null && (own === null || /[\u0800-\uffff]/.test(utf8))) return utf8;
      return own ?? damaged(line, named);
    }
    if (utf8 !== null) {
      provedUtf8 ||= utf8.length < line.length;
      return utf8;
    }
    if (provedUtf8 || isMostlyUtf8(line)) return damaged(line, 'utf-8');
    guessed ||= named === null || named === 'utf-8';
    return (
      decode(line, named === null || named === 'utf-8' ? 'windows-1252' : named) ?? damaged(line, named ?? 'utf-8')
    );
  }

  function checked(text: string): string {
    broken ||= text.includes('\ufffd');
    return text;
  }

  function damaged(line: Uint8Array, label: string): string {
    broken = true;
    return new TextDecoder(label, { ignoreBOM: true }).decode(line);
  }

  return {
    push(bytes) {
      if (mode.kind === 'wide') return checked(mode.decoder.decode(bytes, { stream: true }));
      if (mode.kind !== 'start') return read(bytes);
      const first = joined(held, bytes);
      // Enough to see what the text begins with.
      if (first.length < 3) {
        held = [first.slice()];
        return '';
      }
      held = [];
      return start(first);
    },
    end() {
      if (mode.kind === 'wide') return checked(mode.decoder.decode());
      const rest = joined(held, new Uint8Array());
      held = [];
      return rest.length === 0 ? '' : textOf(isMarked(rest) && mode.kind === 'start' ? rest.subarray(3) : rest);
    },
    notes: () => [
      ...(guessed
        ? [
            'sent text that is not UTF-8 and names no character set; it was read as Windows-1252, so letters may be wrong.',
          ]
        : []),
      ...(broken ? ['sent bytes that are no characters; they are shown as "\ufffd".'] : []),
    ],
  };
}

/** UTF-16 by its byte order mark, or by a zero byte beside the first letter. */
function wideSet(bytes: Uint8Array): string | null {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return 'utf-16be';
  return null;
}

function isMarked(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** How many bytes at the end begin a character of UTF-8 that goes on. */
function cutLength(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length += 1) {
    const byte = bytes[bytes.length - length]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > length ? length : 0;
  }
  return 0;
}

/**
 * Whether a line is damaged UTF-8: two bytes of another set sometimes form a character by chance, but never most of
 * them.
 */
function isMostlyUtf8(line: Uint8Array): boolean {
  const text = new TextDecoder().decode(line);
  const wrong = text.match(/\ufffd/g)?.length ?? 0;
  const right = text.match(/(?!\ufffd)\P{ASCII}/gu)?.length ?? 0;
  return right >= 2 * wrong;
}

function joined(parts: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  return parts.length === 0 ? last : Buffer.concat([...parts, last]);
}

const strict = new Map<string, Decoder>();

/** Null when the bytes are not valid in this set. */
function decode(bytes: Uint8Array, label: string): string | null {
  const decoder = strict.get(label) ?? new TextDecoder(label, { fatal: true, ignoreBOM: true });
  strict.set(label, decoder);
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
