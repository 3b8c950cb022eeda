/** Levels of lists and objects that are read of JSON, so that whatever walks it has stack enough; of YAML as many. */
export const deepestJson = 100;

export const tooDeep = `It nests more than ${deepestJson} levels deep.`;

/** Why a parsed value is not read, as a sentence; null when it is. Walks without recursion. */
export function faultInFile(value: unknown): string | null {
  const waiting: { readonly value: unknown; readonly level: number }[] = [{ value, level: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.level >= deepestJson) return tooDeep;
    if (!Array.isArray(next.value) && Object.hasOwn(next.value, '__proto__'))
      return 'It has a key named "__proto__", which is never read.';
    for (const inner of Object.values(next.value)) waiting.push({ value: inner, level: next.level + 1 });
  }
  return null;
}
