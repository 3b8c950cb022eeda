/** A stretch of Handlebars: text that is printed as it is, or what stands between two pairs of braces. */
export type Token =
  | { readonly text: string }
  /** `takesLine`: alone on its line, it would take the line with it. */
  | { readonly tag: string; readonly takesLine: boolean };

/** The template of some tokens; null where Handlebars cannot say a text. */
export function assembleHandlebars(tokens: readonly Token[], encode: (text: string) => string): string | null {
  const merged = mergeTexts(tokens);
  let result = '';
  for (const [index, token] of merged.entries()) {
    const before = textAt(merged, index - 1);
    const after = textAt(merged, index + 1);
    if ('text' in token) {
      const escaped = escapeBraces(encode(token.text), index < merged.length - 1);
      if (escaped === null) return null;
      const [previous, next] = [merged[index - 1], merged[index + 1]];
      // A brace at a tag would be one of the tag's own; blanks between are taken away by "~".
      const start = previous !== undefined && token.text.startsWith('}') ? ' ' : '';
      const end = next !== undefined && token.text.endsWith('{') ? ' ' : '';
      result += start + escaped + end;
      continue;
    }
    const isAlone = token.takesLine && endsLine(before, index > 0) && beginsLine(after, index < merged.length - 1);
    const left = before?.endsWith('{') === true ? '{{~' : '{{';
    const right = after?.startsWith('}') === true ? '~}}' : '}}';
    // With a comment beside it, a tag is not alone on its line.
    result += `${isAlone ? '{{!}}' : ''}${left}${token.tag}${right}`;
  }
  return result;
}

function mergeTexts(tokens: readonly Token[]): readonly Token[] {
  const merged: Token[] = [];
  for (const token of tokens) {
    const last = merged.at(-1);
    if ('text' in token && last !== undefined && 'text' in last)
      merged[merged.length - 1] = { text: last.text + token.text };
    else if (!('text' in token) || token.text !== '') merged.push(token);
  }
  return merged;
}

/** The text at a place; null where a tag stands or nothing. */
function textAt(tokens: readonly Token[], index: number): string | null {
  const token = tokens[index];
  return token !== undefined && 'text' in token ? token.text : null;
}

/** Whether only blanks stand between the start of a line and what follows; a message begins on a line of its own. */
function endsLine(before: string | null, isInside: boolean): boolean {
  return before === null ? !isInside : /(?:^|\n)[ \t]*$/.test(before);
}

function beginsLine(after: string | null, isInside: boolean): boolean {
  return after === null ? !isInside : /^[ \t]*(?:\n|$)/.test(after);
}

function escapeBraces(text: string, isBeforeTag: boolean): string | null {
  if (/\\\{\{/.test(text)) return null;
  const escaped = text.replaceAll('{{', '\\{{');
  // One backslash before a tag would escape the tag.
  return isBeforeTag && escaped.endsWith('\\') ? `${escaped}\\` : escaped;
}
