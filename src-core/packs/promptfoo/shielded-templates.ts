import { splitTags, type TemplatePiece } from '../text/template-tags.ts';

/*
 * Chat prompts that become JSON or YAML only when they are rendered. Their tags are replaced by tokens, so that the rest can
 * be parsed before any value is in it; a value then opens no message.
 */

export interface Shielded {
  /** JSON or YAML with tokens where tags stood. */
  readonly text: string;
  /** A text of the parsed value with its tags again. */
  restore(value: string): string;
}

/** Key of an entry that stands for a loop over messages; no file has it. */
export const historyKey = '\uE000history';
const token = /\uE000(\d+)\uE001/g;

/** Null where the tags decide about more than texts and loops over earlier messages. */
export function shieldJson(template: string): Shielded | null {
  const pieces = splitTags(template);
  if (pieces === null || template.includes('\uE000')) return null;
  let text = '';
  let isInText = false;
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index]!;
    if (piece.kind === 'text') {
      isInText = endsInText(piece.source, isInText);
      text += piece.source;
    } else if (isInText) text += tokenOf(index);
    else if (piece.kind === 'print') text += `"${tokenOf(index)}"`;
    else if (piece.kind !== 'comment') {
      const end = endOfHistory(pieces, index);
      if (end === null) return null;
      const entry = JSON.stringify({ [historyKey]: loopedName(piece) });
      const rest = pieces[end + 1]?.source.trimStart() ?? '';
      text += /[[,]\s*$/.test(text) ? entry : `,${entry}`;
      if (!/^[\],]/.test(rest)) text += ',';
      index = end;
    }
  }
  return { text, restore: restorer(pieces) };
}

export function shieldYaml(template: string): Shielded | null {
  const pieces = splitTags(template);
  if (pieces === null || template.includes('\uE000')) return null;
  const indent = /^([ \t]*)- /m.exec(template)?.[1] ?? '';
  let text = '';
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index]!;
    if (piece.kind === 'text') text += piece.source;
    else if (piece.kind === 'tag' && /(?:^|\n)[ \t]*$/.test(text) && endOfHistory(pieces, index) !== null) {
      text = `${text.replace(/[ \t]*$/, '')}${indent}- ${historyKey}: ${loopedName(piece)}`;
      index = endOfHistory(pieces, index)!;
    } else text += tokenOf(index);
  }
  return { text, restore: restorer(pieces) };
}

function tokenOf(index: number): string {
  return `\uE000${index}\uE001`;
}

function restorer(pieces: readonly TemplatePiece[]): (value: string) => string {
  return (value) => {
    // What stands for a whole value was printed as JSON; here it is a text.
    const alone = /^\uE000(\d+)\uE001$/.exec(value)?.[1];
    const piece = alone === undefined ? undefined : pieces[Number(alone)];
    if (piece?.kind === 'print' && /\|\s*dump\s*(?:\(\s*\))?$/.test(piece.inner))
      return `{{ ${piece.inner.replace(/\s*\|\s*dump\s*(?:\(\s*\))?$/, '')} }}`;
    return value.replaceAll(token, (_, index: string) => pieces[Number(index)]?.source ?? '');
  };
}

function endsInText(source: string, begins: boolean): boolean {
  let isInText = begins;
  for (let at = 0; at < source.length; at += 1) {
    if (isInText && source[at] === '\\') at += 1;
    else if (source[at] === '"') isInText = !isInText;
  }
  return isInText;
}

function loopedName(piece: TemplatePiece): string | null {
  return /^for\s+[\w$]+(?:\s*,\s*[\w$]+)?\s+in\s+([\w$]+)/.exec(piece.inner)?.[1] ?? null;
}

/** Index of the tag that ends a loop over messages; null where the tag opens none. */
function endOfHistory(pieces: readonly TemplatePiece[], start: number): number | null {
  if (loopedName(pieces[start]!) === null) return null;
  let depth = 0;
  for (let index = start; index < pieces.length; index += 1) {
    const { kind, inner } = pieces[index]!;
    if (kind !== 'tag') continue;
    if (/^for\b/.test(inner)) depth += 1;
    if (inner !== 'endfor') continue;
    depth -= 1;
    if (depth > 0) continue;
    const body = pieces.slice(start + 1, index).map(({ source }) => source);
    return /\brole\b/.test(body.join('')) ? index : null;
  }
  return null;
}
