/** Levels of lists and objects, as in YAML. */
const deepest = 100;

/** Why a parsed value is not read, as a sentence; null when it is. Walks without recursion: the value may nest as deep as it likes. */
export function faultInFile(value: unknown): string | null {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth >= deepest) return `It nests more than ${deepest} levels deep.`;
    if (!Array.isArray(next.value) && Object.hasOwn(next.value, '__proto__'))
      return 'It has a key named "__proto__", which is never read.';
    for (const inner of Object.values(next.value)) waiting.push({ value: inner, depth: next.depth + 1 });
  }
  return null;
}
