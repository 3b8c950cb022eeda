/*
 * Where the tags of a Jinja-like template stand, found without parsing it: also a template that does not parse, or has tags
 * of other tools, can be divided into messages.
 */

export interface Tag {
  readonly kind: 'print' | 'block' | 'comment' | 'raw';
  /** First word of a block tag; '' for the others. */
  readonly name: string;
  /** Between the braces, without white space control and blanks. */
  readonly inner: string;
  readonly start: number;
  readonly end: number;
}

/** A tag with its end tag and all between. */
export interface Block {
  readonly open: Tag;
  readonly start: number;
  readonly end: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/** Characters of one text in a tag; a quote that is open for longer is taken for an apostrophe. */
const longestString = 10_000;
/** Characters that are looked through for an end that is not there; behind them, a tag ends with the first closing braces. */
const mostInVain = 1_000_000;

interface Patience {
  left: number;
}

/** All tags in order. What is opened and never closed is text. */
export function scanTags(text: string): readonly Tag[] {
  const tags: Tag[] = [];
  const patience = { left: mostInVain };
  let at = 0;
  for (let open = nextOpener(text, at); open !== -1; open = nextOpener(text, at)) {
    const end = tagEnd(text, open, patience);
    if (end === -1) break;
    const tag = tagAt(text, open, end);
    if (tag.kind === 'block' && (tag.name === 'raw' || tag.name === 'verbatim')) {
      const close = new RegExp(`\\{%[-+]?\\s*end${tag.name}\\s*[-+]?%\\}`, 'g');
      close.lastIndex = end;
      const found = close.exec(text);
      at = found === null ? text.length : found.index + found[0].length;
      tags.push({ ...tag, kind: 'raw', end: at });
      continue;
    }
    tags.push(tag);
    at = end;
  }
  return tags;
}

function nextOpener(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at !== -1; at = text.indexOf('{', at + 1)) {
    const next = text[at + 1];
    if (next === '{' || next === '%' || next === '#') return at;
  }
  return -1;
}

function tagEnd(text: string, open: number, patience: Patience): number {
  const kind = text[open + 1];
  if (kind === '#') {
    const close = text.indexOf('#}', open + 2);
    return close === -1 ? -1 : close + 2;
  }
  const closer = kind === '%' ? '%}' : '}}';
  let braces = 0;
  const last = Math.min(text.length, open + 2 + patience.left);
  for (let at = open + 2; at < last; at += 1) {
    const character = text[at];
    if (braces === 0 && text.startsWith(closer, at)) return at + 2;
    if (character === '{') braces += 1;
    else if (character === '}' && braces > 0) braces -= 1;
    else if (character === '"' || character === "'") at = stringEnd(text, at, patience);
  }
  patience.left = Math.max(0, patience.left - (last - open));
  const close = text.indexOf(closer, open + 2);
  return close === -1 ? -1 : close + 2;
}

/** Offset of the quote that closes a text, or of the one that opens it when none does. */
function stringEnd(text: string, open: number, patience: Patience): number {
  const quote = text[open];
  const last = Math.min(text.length, open + Math.min(longestString, patience.left));
  for (let at = open + 1; at < last; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  patience.left -= last - open;
  return open;
}

function tagAt(text: string, start: number, end: number): Tag {
  const kind = text[start + 1] === '{' ? 'print' : text[start + 1] === '%' ? 'block' : 'comment';
  const inner = text
    .slice(start + 2, end - 2)
    .replace(/^[-+]/, '')
    .replace(/[-+]$/, '')
    .trim();
  return { kind, name: kind === 'block' ? (/^\w+/.exec(inner)?.[0] ?? '') : '', inner, start, end };
}

const openers = new Set([
  ...['for', 'if', 'macro', 'call', 'filter', 'block', 'with', 'autoescape', 'trans', 'chat', 'switch'],
  ...['asyncEach', 'asyncAll', 'ifAsync', 'unless', 'case', 'capture', 'comment'],
]);

/** Blocks that stand in no other one. One that is never closed reaches to the end. */
export function outerBlocks(text: string, tags: readonly Tag[] = scanTags(text)): readonly Block[] {
  const blocks: Block[] = [];
  let open: Tag | null = null;
  let depth = 0;
  for (const tag of tags) {
    if (tag.kind !== 'block') continue;
    if (opens(tag)) {
      if (depth === 0) open = tag;
      depth += 1;
    } else if (/^end/.test(tag.name) && depth > 0) {
      depth -= 1;
      if (depth > 0 || open === null) continue;
      blocks.push({ open, start: open.start, end: tag.end, bodyStart: open.end, bodyEnd: tag.start });
      open = null;
    }
  }
  if (open !== null)
    blocks.push({ open, start: open.start, end: text.length, bodyStart: open.end, bodyEnd: text.length });
  return blocks;
}

function opens({ name, inner }: Tag): boolean {
  // `set` without a value takes what is between it and `endset`.
  return openers.has(name) || (name === 'set' && !/^set\b[^|]*?=/.test(inner));
}

/** The same of Mustache: sections, each as if it were a loop over its name. */
export function outerSections(text: string, tags: readonly Tag[] = scanTags(text)): readonly Block[] {
  const blocks: Block[] = [];
  let open: Tag | null = null;
  let depth = 0;
  for (const tag of tags) {
    if (tag.kind !== 'print') continue;
    if (/^[#^]/.test(tag.inner)) {
      if (depth === 0) open = { ...tag, name: 'for', inner: `for item in ${tag.inner.slice(1).trim()}` };
      depth += 1;
    } else if (tag.inner.startsWith('/') && depth > 0) {
      depth -= 1;
      if (depth > 0 || open === null) continue;
      blocks.push({ open, start: open.start, end: tag.end, bodyStart: open.end, bodyEnd: tag.start });
      open = null;
    }
  }
  return blocks;
}

/** The template with one blank at both ends inside each printing tag, as everything here is written. */
export function withSpacedPrints(text: string): string {
  let result = '';
  let at = 0;
  for (const { kind, inner, start, end } of scanTags(text)) {
    const isControlled = /^\{\{[-+]|[-+]\}\}$/.test(text.slice(start, end));
    if (kind !== 'print' || inner === '' || isControlled) continue;
    // A literal dict begins and ends with a brace, which needs the blank all the more.
    result += `${text.slice(at, start)}{{ ${inner} }}`;
    at = end;
  }
  return result + text.slice(at);
}
