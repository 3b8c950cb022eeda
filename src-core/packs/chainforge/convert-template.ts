import { joinPieces, type Piece } from '../text/escape-text.ts';

/** A stretch of a ChainForge template. */
export type TemplatePart = { readonly text: string } | { readonly variable: string };

const plain = /^[=#]?[\p{L}_][\p{L}\p{N}_ .-]*$/u;

/**
 * Cuts a template at its `{variables}`, as ChainForge does: a backslash before a brace makes it text, and braces around what
 * nobody would call a name (JSON, code) are text unless an edge fills a variable of that name.
 */
export function templateParts(template: string, filled: ReadonlySet<string>): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let start = 0;
  let open = -1;
  for (let at = 0; at < template.length; at += 1) {
    if (template[at - 1] === '\\') continue;
    if (open < 0 && template[at] === '{') open = at;
    else if (open >= 0 && template[at] === '}') {
      const name = template.slice(open + 1, at);
      if (filled.has(name) || plain.test(name)) {
        parts.push({ text: unescaped(template.slice(start, open)) }, { variable: name });
        start = at + 1;
        // A setting prints nothing, and a line with nothing else vanishes.
        if (name.startsWith('=')) start += /^[ \t]*\n/.exec(template.slice(start))?.[0].length ?? 0;
      }
      open = -1;
    }
  }
  return [...parts, { text: unescaped(template.slice(start)) }];
}

export function unescaped(text: string): string {
  return text.replace(/\\([{}])/g, '$1');
}

/** Jinja of the parts; settings print nothing. */
export function jinjaOfParts(parts: readonly TemplatePart[], legal: (name: string) => string): string {
  return joinPieces(
    parts.flatMap((part): readonly Piece[] => {
      if ('text' in part) return [part];
      return part.variable.startsWith('=') ? [] : [{ jinja: `{{ ${legal(part.variable)} }}` }];
    }),
  );
}
