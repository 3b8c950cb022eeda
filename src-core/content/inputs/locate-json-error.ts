type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing';

const blanks = /[ \t\r\n]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string
const quoted = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** Offset of the first character that makes a text no JSON, or null when it is; engines word and place these errors differently. */
export function locateJsonError(text: string): number | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const skip = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };
  const afterValue = (): Expected => (open.length > 0 ? ', or end' : 'nothing');

  for (;;) {
    skip(blanks);
    const next = text[at];
    if (next === undefined) return expected === 'nothing' ? null : at;
    if ((next === '}' && takesBrace(expected, open)) || (next === ']' && takesBracket(expected, open))) {
      open.pop();
      expected = afterValue();
      at += 1;
    } else if (next === ',' && expected === ', or end') {
      expected = open.at(-1) === '{' ? 'key' : 'value';
      at += 1;
    } else if (next === ':' && expected === ':') {
      expected = 'value';
      at += 1;
    } else if (expected === 'key' || expected === 'key or }') {
      if (!skip(quoted)) return at;
      expected = ':';
    } else if (expected !== 'value' && expected !== 'value or ]') {
      return at;
    } else if (next === '{' || next === '[') {
      open.push(next);
      expected = next === '{' ? 'key or }' : 'value or ]';
      at += 1;
    } else {
      if (!skip(quoted) && !skip(scalar)) return at;
      expected = afterValue();
    }
  }
}

const takesBrace = (expected: Expected, open: readonly string[]) =>
  expected === 'key or }' || (expected === ', or end' && open.at(-1) === '{');

const takesBracket = (expected: Expected, open: readonly string[]) =>
  expected === 'value or ]' || (expected === ', or end' && open.at(-1) === '[');
