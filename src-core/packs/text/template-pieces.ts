import type { Syntax } from '../../contract/content.ts';
import { parseBody } from '../../templates/engine.ts';

/** What a template prints that has no logic. */
export type TemplatePiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'include'; readonly name: string };

/** The pieces of a template of texts, variables and includes; null where it has more, or cannot be parsed. */
export function piecesOf(source: string, syntax: Syntax): readonly TemplatePiece[] | null {
  const text = source.replace(/\r\n?/g, '\n');
  if (syntax === 'liquid') return liquidPieces(text);
  const pieces: TemplatePiece[] = [];
  for (const statement of bodyOf(text, syntax) ?? [null]) {
    if (statement?.kind === 'include' && !statement.ignoreMissing && statement.template.kind === 'constant') {
      const { value } = statement.template;
      if (typeof value !== 'string') return null;
      pieces.push({ kind: 'include', name: value });
      continue;
    }
    if (statement?.kind !== 'output') return null;
    for (const part of statement.parts) {
      if (part.kind === 'text') pieces.push({ kind: 'text', text: part.text });
      else if (part.kind === 'name') pieces.push({ kind: 'variable', name: part.name });
      else if (part.kind === 'constant' && typeof part.value === 'string')
        pieces.push({ kind: 'text', text: part.value });
      else return null;
    }
  }
  return joined(pieces);
}

function bodyOf(text: string, syntax: 'jinja' | 'nunjucks') {
  try {
    return parseBody(text, syntax);
  } catch {
    // A draft may hold what is no template; it is written as it stands.
    return null;
  }
}

const liquidVariable = /\{\{\s*([\p{L}_][\p{L}\p{M}\p{N}_]*)\s*\}\}/gu;

/** Liquid has a tree of its own, so only plain variables are looked for. */
function liquidPieces(text: string): readonly TemplatePiece[] | null {
  if (/\{\{|\{%/.test(text.replace(liquidVariable, ''))) return null;
  const pieces: TemplatePiece[] = [];
  let end = 0;
  for (const match of text.matchAll(liquidVariable)) {
    pieces.push({ kind: 'text', text: text.slice(end, match.index) }, { kind: 'variable', name: match[1] ?? '' });
    end = match.index + match[0].length;
  }
  return joined([...pieces, { kind: 'text', text: text.slice(end) }]);
}

/** Texts that stand side by side are one, because what is searched for may begin in one and end in the next. */
function joined(pieces: readonly TemplatePiece[]): readonly TemplatePiece[] {
  const merged: TemplatePiece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (piece.kind === 'text' && last?.kind === 'text')
      merged[merged.length - 1] = { kind: 'text', text: last.text + piece.text };
    else if (piece.kind !== 'text' || piece.text !== '') merged.push(piece);
  }
  return merged;
}
