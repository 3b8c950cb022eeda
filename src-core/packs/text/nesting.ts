import { deepestJson } from './json-fault.ts';

/** Whether a value nests deeper than some levels of lists and objects. */
export function nestsDeeper(value: unknown, levels = deepestJson): boolean {
  const waiting: { readonly value: unknown; readonly level: number }[] = [{ value, level: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.level >= levels) return true;
    for (const inner of Object.values(next.value)) waiting.push({ value: inner, level: next.level + 1 });
  }
  return false;
}
