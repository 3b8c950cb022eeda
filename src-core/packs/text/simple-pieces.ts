import type { Syntax } from '../../contract/content.ts';
import { parseBody } from '../../templates/engine.ts';
import type { Expression } from '../../templates/syntax/nodes.ts';

/** A piece of a template that does no more than print inputs: text, or an input, as `name` or `user.name`. */
export type SimplePiece = { readonly text: string } | { readonly variable: string };

/** The pieces of a template of ours, for formats that only fill in variables; null where it does more, or is broken. */
export function simplePieces(template: string, syntax: Syntax): readonly SimplePiece[] | null {
  if (!/\{[{%#]/.test(template)) return [{ text: template }];
  if (syntax === 'liquid') return null;
  try {
    const body = parseBody(template.replace(/\r\n?/g, '\n'), syntax);
    const pieces: SimplePiece[] = [];
    for (const statement of body) {
      if (statement.kind !== 'output') return null;
      for (const part of statement.parts) {
        const piece = pieceOf(part);
        if (piece === null) return null;
        const last = pieces.at(-1);
        if ('text' in piece && last !== undefined && 'text' in last)
          pieces[pieces.length - 1] = { text: last.text + piece.text };
        else pieces.push(piece);
      }
    }
    return pieces;
  } catch {
    return null;
  }
}

function pieceOf(part: Expression | { readonly kind: 'text'; readonly text: string }): SimplePiece | null {
  if (part.kind === 'text') return { text: part.text };
  if (part.kind === 'constant') return typeof part.value === 'string' ? { text: part.value } : null;
  const variable = pathOf(part);
  return variable === null ? null : { variable };
}

function pathOf(expression: Expression): string | null {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'attribute') return null;
  const object = pathOf(expression.object);
  return object === null ? null : `${object}.${expression.name}`;
}
