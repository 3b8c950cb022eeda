const blanks = /[ \t\r\n]*/y;
const quoted = /"(?:[^"\\]|\\.)*"/y;
const scalar = /[^\s,\]}]+/y;

type Span = readonly [from: number, to: number];

/**
 * Start and end of what a path of keys and indexes leads to in valid JSON; where it leads nowhere, of the innermost value
 * on the way that there is.
 */
export function locateJsonValue(text: string, path: readonly (string | number)[]): Span {
  let at = 0;
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [found = ''] = pattern.exec(text) ?? [];
    at += found.length;
    return found;
  };
  /** The span of the value here, or of what is asked for inside it; ends behind the value. */
  const find = (steps: readonly (string | number)[] | null): Span => {
    skip(blanks);
    const start = at;
    let found: Span | null = null;
    const open = text[at];
    if (open === '"') skip(quoted);
    else if (open !== '{' && open !== '[') skip(scalar);
    else {
      at += 1;
      for (let index = 0; ; index += 1) {
        skip(blanks);
        if (text[at] === '}' || text[at] === ']' || at >= text.length) break;
        if (text[at] === ',') {
          at += 1;
          skip(blanks);
        }
        const key = open === '{' ? keyOf(skip(quoted)) : index;
        if (open === '{') {
          skip(blanks);
          at += 1;
        }
        const isOnPath = steps !== null && steps.length > 0 && steps[0] === key;
        const span = find(isOnPath ? steps.slice(1) : null);
        if (isOnPath) found = span;
      }
      at += 1;
    }
    return found ?? [start, at];
  };
  return find(path);
}

function keyOf(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return '';
  }
}
