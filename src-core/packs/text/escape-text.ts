const openers = /\{\{|\{%|\{#/g;
/** Escapes up to which each opener is escaped by itself; above, the whole stretch is put in `raw`. */
const mostEscapes = 3;

/**
 * Jinja that prints a text exactly, for what other formats have between their variables. `before` says what comes right
 * behind it: a `{` at the end of a text would join a variable's braces.
 */
export function escapeText(text: string, before: 'variable' | 'end' = 'end'): string {
  let end = text.length;
  while (before === 'variable' && text[end - 1] === '{') end -= 1;
  const bare = text.slice(0, end);
  const braces = text.slice(end);
  const tail = braces === '' ? '' : `{{ "${braces}" }}`;
  const count = bare.match(openers)?.length ?? 0;
  // Jinja takes away one line break at the end of a tag only where it is told to; here it never is.
  if (count > mostEscapes && !/\{%[-+]?\s*endraw/.test(bare)) return `{% raw %}${bare}{% endraw %}${tail}`;
  return bare.replace(openers, (opener) => `{{ "${opener}" }}`) + tail;
}

/** A piece of a foreign template: text that is printed as it is, or Jinja. */
export type Piece = { readonly text: string } | { readonly jinja: string };

/** What stands behind a stretch that is put inside a block, so that a brace at its end does not join the block's. */
export const endOfBlock: Piece = { jinja: '' };

/** Joins pieces to one Jinja template. */
export function joinPieces(pieces: readonly Piece[]): string {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if ('text' in piece && last !== undefined && 'text' in last)
      merged[merged.length - 1] = { text: last.text + piece.text };
    else if (!('text' in piece) || piece.text !== '') merged.push(piece);
  }
  return merged
    .map((piece, index) =>
      'jinja' in piece ? piece.jinja : escapeText(piece.text, index < merged.length - 1 ? 'variable' : 'end'),
    )
    .join('');
}

/** A foreign template in which a pattern (global) finds the variables; all between them is text. */
export function convertTemplate(
  template: string,
  pattern: RegExp,
  convert: (match: RegExpMatchArray) => Piece,
): string {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of template.matchAll(pattern)) {
    pieces.push({ text: template.slice(end, match.index) }, convert(match));
    end = match.index + match[0].length;
  }
  return joinPieces([...pieces, { text: template.slice(end) }]);
}
