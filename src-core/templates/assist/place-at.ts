import type { Syntax } from '../../contract/content.ts';

/** What can be written at a place inside a tag; `word` is what was written of it. */
export type Place =
  | { readonly kind: 'statement' | 'expression' | 'filter' | 'test'; readonly word: string }
  /** After a dot; `object` is what stands before it: a path, `""` for any text, empty when that cannot be told. */
  | { readonly kind: 'member'; readonly object: string; readonly word: string }
  /** Inside the quotes that name a prompt. */
  | { readonly kind: 'prompt'; readonly word: string };

/** The inside of a tag that is not closed yet, as far as the place. */
export interface OpenTag {
  readonly kind: '{{' | '{%';
  readonly code: string;
}

/** A tag up to the place, and the whole tags before it. */
export interface Surroundings {
  /** Null outside of tags. */
  readonly open: OpenTag | null;
  /** The insides of the statements before, in order. */
  readonly statements: readonly string[];
}

/** Reads a text up to the cursor; it accepts incomplete text, because it is being typed. */
export function surroundingsAt(before: string): Surroundings {
  const statements: string[] = [];
  let at = 0;
  for (;;) {
    const start = nextTag(before, at);
    if (start === -1) return { open: null, statements };
    const kind = before.slice(start, start + 2);
    if (kind === '{#') {
      const close = before.indexOf('#}', start + 2);
      if (close === -1) return { open: null, statements };
      at = close + 2;
      continue;
    }
    const isStatement = kind === '{%';
    const from = start + 2 + (/[-+]/.test(before[start + 2] ?? '') ? 1 : 0);
    const close = closeOf(before, from, isStatement ? '%}' : '}}');
    if (close === -1) return { open: { kind: isStatement ? '{%' : '{{', code: before.slice(from) }, statements };
    at = close + 2;
    const code = before.slice(from, close).replace(/[-+]$/, '').trim();
    if (isStatement && /^(?:raw|comment|doc)$/.test(code)) {
      const end = new RegExp(`\\{%[-+]?\\s*end${code}\\s*[-+]?%\\}`, 'g');
      end.lastIndex = at;
      const match = end.exec(before);
      if (match === null) return { open: null, statements };
      at = match.index + match[0].length;
    } else if (isStatement) statements.push(code);
  }
}

function nextTag(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at !== -1; at = text.indexOf('{', at + 1)) {
    if ('{%#'.includes(text[at + 1] || ' ')) return at;
  }
  return -1;
}

/** Where a tag closes, skipping what is in quotes and the braces of dicts; -1 when it is still open. */
function closeOf(text: string, from: number, close: string): number {
  let quote = '';
  let braces = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (braces === 0 && text.startsWith(close, at)) return at;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '{') braces += 1;
    else if (character === '}') braces = Math.max(0, braces - 1);
  }
  // A quote or brace that never ends is most likely an apostrophe or still being typed.
  return quote === '' && braces === 0 ? -1 : text.indexOf(close, from);
}

/** The inside of the tag that is open at a place, as far as its end. */
export function wholeTag(source: string, { kind, code }: OpenTag, end: number): string {
  const start = end - code.length;
  const close = closeOf(source, start, kind === '{%' ? '%}' : '}}');
  return source
    .slice(start, close === -1 ? undefined : close)
    .replace(/[-+]$/, '')
    .trim();
}

/** Whether a new name is being given at the end of an open tag, as after `set` or in the parameters of a macro. */
export function isNaming({ kind, code }: OpenTag): boolean {
  return kind === '{%' && namings.some((naming) => naming.test(code)) && !/\bin\s/.test(code);
}

const namings = [
  /^\s*(?:set|assign|capture|macro|block|with)\s+[\p{XID_Continue}, ]*$/u,
  /^\s*(?:for|tablerow)\s+(?:\p{XID_Continue}+\s*,\s*)*\p{XID_Continue}*$/u,
  /^\s*(?:import|from)\b[^'"]*['"][^'"]*['"].*$/,
  /^\s*(?:macro\s+\p{XID_Continue}+|call)\s*\((?:[^()]*,)?\s*\p{XID_Continue}*$/u,
];

const patterns = {
  word: /[\p{XID_Start}_]\p{XID_Continue}*$/u,
  member: /([\p{XID_Start}_]\p{XID_Continue}*(?:\.\p{XID_Continue}+|\[\d+\]|\[["'][^"']+["']\])*)\s*\.$/u,
};
/** Names of Liquid may have a "-" between letters, where Jinja subtracts. */
const liquidPatterns = {
  word: /[\p{XID_Start}_][\p{XID_Continue}-]*\??$/u,
  member: /([\p{XID_Start}_][\p{XID_Continue}-]*(?:\.[\p{XID_Continue}-]+|\[\d+\]|\[["'][^"']+["']\])*)\s*\.$/u,
};

/** What can stand at the end of an open tag's code; null inside of other strings. */
export function placeIn({ kind, code }: OpenTag, syntax: Syntax): Place | null {
  if (kind === '{%') {
    const prompt = /^\s*(?:include|extends|import|from|render|layout)\s+\[?(?:[^[\]]*,\s*)?["']([^"']*)$/.exec(code);
    if (prompt !== null) return { kind: 'prompt', word: prompt[1] ?? '' };
    const statement = /^\s*([A-Za-z_]*)$/.exec(code);
    if (statement !== null) return { kind: 'statement', word: statement[1] ?? '' };
  }
  if (isInString(code)) return null;
  const { word: wordPattern, member: memberPattern } = syntax === 'liquid' ? liquidPatterns : patterns;
  const word = wordPattern.exec(code)?.[0] ?? '';
  const head = code.slice(0, code.length - word.length);
  if (kind === '{%' && /^\s*filter\s+$/.test(head)) return { kind: 'filter', word };
  if (/\|\s*$/.test(head)) return { kind: 'filter', word };
  if (/\bis\s+(?:not\s+)?$/.test(head)) return { kind: 'test', word };
  const member = memberPattern.exec(head);
  if (member !== null) return { kind: 'member', object: member[1] ?? '', word };
  if (/["']\s*\.$/.test(head)) return { kind: 'member', object: '""', word };
  if (/[)\]}]\s*\.$/.test(head)) return { kind: 'member', object: '', word };
  if (/[\d.]$/.test(head)) return null;
  return { kind: 'expression', word };
}

/** Whether code ends inside of quotes. */
export function isInString(code: string): boolean {
  let quote = '';
  for (let at = 0; at < code.length; at += 1) {
    const character = code[at] ?? '';
    if (quote === '') quote = character === '"' || character === "'" ? character : '';
    else if (character === '\\') at += 1;
    else if (character === quote) quote = '';
  }
  return quote !== '';
}
