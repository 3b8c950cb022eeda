/** A key that one object has twice, of which every reader would keep the last alone. */
export interface DoubledKey {
  readonly key: string;
  /** Offset of the second one. */
  readonly offset: number;
  /** Which item of a list at the top it is in; 0 where there is no such list. */
  readonly item: number;
}

const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/g;
/** More are not worth a sentence each. */
const mostFound = 100;

/** The keys that occur twice in an object of a text that is JSON. */
export function doubledKeys(text: string): readonly DoubledKey[] {
  const found: DoubledKey[] = [];
  const open: (Set<string> | null)[] = [];
  let item = 0;
  for (const { 0: token, 1: colon, index } of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',') {
      if (open.length === 1 && open[0] === null) item += 1;
    } else if (colon !== undefined) {
      const quoted = token.slice(0, -colon.length);
      const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
      const keys = open.at(-1);
      if (keys?.has(key)) found.push({ key, offset: index, item });
      keys?.add(key);
      if (found.length === mostFound) break;
    }
  }
  return found;
}

/** The rest of a sentence about a key that occurs twice in an object, with its place; null when none does. */
export function doubledKeyProblem(text: string): string | null {
  const [first] = doubledKeys(text);
  if (first === undefined) return null;
  const before = text.slice(0, first.offset).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  return `the key "${first.key.slice(0, 80)}" stands twice in one object, the second time at ${place}`;
}
