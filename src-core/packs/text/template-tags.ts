/** A piece of a template of the Jinja family: text between tags, or a tag with what stands inside of it. */
export interface TemplatePiece {
  readonly kind: 'text' | 'print' | 'tag' | 'comment' | 'raw';
  /** As it stands. */
  readonly source: string;
  /** Of `print` and `tag` what stands between the delimiters; of `raw` the text that is printed as it is. */
  readonly inner: string;
  /** The delimiters with their signs for blanks, as `{%-`; '' for text. */
  readonly open: string;
  readonly close: string;
}

const closers: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' };

/** Cuts a template at its tags; null when one is never closed. */
export function splitTags(template: string): readonly TemplatePiece[] | null {
  const pieces: TemplatePiece[] = [];
  let at = 0;
  const text = (end: number) => {
    if (end > at) pieces.push(piece('text', template.slice(at, end), template.slice(at, end)));
  };
  const opener = /\{[{%#]/g;
  for (let match = opener.exec(template); match !== null; match = opener.exec(template)) {
    const { index: start } = match;
    const end = endOfTag(template, start + 2, closers[match[0]]!);
    if (end === null) return null;
    text(start);
    const raw = match[0] === '{%' ? rawBlock(template, start, end) : null;
    const found = raw ?? tagPiece(template.slice(start, end), match[0]);
    pieces.push(found);
    at = start + found.source.length;
    opener.lastIndex = at;
  }
  text(template.length);
  return pieces;
}

function piece(kind: TemplatePiece['kind'], source: string, inner: string, open = '', close = ''): TemplatePiece {
  return { kind, source, inner, open, close };
}

function tagPiece(source: string, opener: string): TemplatePiece {
  const open = /^\{[{%#][-+]?/.exec(source)![0];
  const close = /[-+]?[}%#]\}$/.exec(source)![0];
  // `{{-}}` has one sign for both sides.
  const inner = source.slice(open.length, Math.max(open.length, source.length - close.length));
  return piece(opener === '{{' ? 'print' : opener === '{%' ? 'tag' : 'comment', source, inner.trim(), open, close);
}

/** Offset behind the closing delimiter; delimiters within texts in quotes do not count. */
function endOfTag(template: string, start: number, closer: string): number | null {
  if (closer === '#}') {
    const end = template.indexOf(closer, start);
    return end < 0 ? null : end + 2;
  }
  let quote = '';
  for (let at = start; at < template.length; at += 1) {
    const character = template[at]!;
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (template.startsWith(closer, at)) return at + 2;
  }
  return null;
}

function rawBlock(template: string, start: number, end: number): TemplatePiece | null {
  const name = /^\{%[-+]?\s*(raw|verbatim)\s*[-+]?%\}$/.exec(template.slice(start, end))?.[1];
  if (name === undefined) return null;
  const closing = new RegExp(`\\{%[-+]?\\s*end${name}\\s*[-+]?%\\}`, 'g');
  closing.lastIndex = end;
  const match = closing.exec(template);
  if (match === null) return null;
  return piece('raw', template.slice(start, match.index + match[0].length), template.slice(end, match.index));
}
