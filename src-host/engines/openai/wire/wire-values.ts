import { isPlainObject } from '../../../../src-core/contract/json.ts';

/** A JSON object that came over the wire: nothing is known of its fields. */
export type WireObject = Readonly<Record<string, unknown>>;

/** The object, or an empty one in place of anything else. */
export function wireObjectIn(value: unknown): WireObject {
  return isPlainObject(value) ? value : {};
}

/** The list, or an empty one in place of anything else. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text as it is, a number or truth value as text, else nothing. */
export function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** A finite number, also one that was sent as text; null for anything else. */
export function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The first that has characters other than white space, or an empty text. */
export function firstText(...candidates: readonly unknown[]): string {
  for (const candidate of candidates) {
    const text = textIn(candidate);
    if (text.trim() !== '') return text;
  }
  return '';
}

/** One line without control characters, of at most so many UTF-16 code units; "…" says that it was cut. */
export function oneLine(text: string, longest: number): string {
  // Enough text to fill the line after collapsing white space, so that the work does not grow with the text.
  const start = text.slice(0, longest * 20);
  const line = start
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
    .replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.?)/g, '')
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
  if (line.length <= longest && start.length === text.length) return line.toWellFormed();
  // Half of a surrogate pair at the cut goes too.
  return `${line.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`.toWellFormed();
}

/**
 * Parses JSON text, undefined when it is invalid; accepts `NaN`, `Infinity` and control characters, which Python and C
 * write.
 */
export function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (!/NaN|Infinity|undefined|\binf\b|\bnan\b|\p{Cc}/u.test(text)) return undefined;
  }
  try {
    return JSON.parse(mended(text));
  } catch {
    return undefined;
  }
}

/** Replaces `NaN` and `Infinity` by null and escapes control characters inside strings. */
function mended(text: string): string {
  return text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?\b(?:NaN|nan|Infinity|inf)\b|\bundefined\b/g, (part) =>
    part.startsWith('"') ? escapeControls(part) : 'null',
  );
}

function escapeControls(string: string): string {
  return string.replace(/\p{Cc}/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? `\\u${code.toString(16).padStart(4, '0')}` : character;
  });
}

/** Joins pieces of text in which a surrogate pair may be split; a half without its other half becomes U+FFFD. */
export interface TextJoiner {
  push(text: string): string;
  end(): string;
  /** Something became U+FFFD. */
  readonly broken: boolean;
}

export function createTextJoiner(): TextJoiner {
  let half = '';
  let broken = false;
  const mended = (text: string): string => {
    if (text.isWellFormed()) return text;
    broken = true;
    return text.toWellFormed();
  };
  return {
    push(text) {
      if (text === '') return '';
      const all = half + text;
      const last = all.charCodeAt(all.length - 1);
      half = last >= 0xd800 && last <= 0xdbff ? all.slice(-1) : '';
      return mended(half === '' ? all : all.slice(0, -1));
    },
    end() {
      const rest = mended(half);
      half = '';
      return rest;
    },
    get broken() {
      return broken;
    },
  };
}
