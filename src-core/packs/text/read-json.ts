import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';

/** Levels of lists and objects, as in YAML. */
const deepest = 100;

/** What a file's JSON says; throws a `refusal` with the line where it is none, and where it is hostile. */
export function readJson(source: Source): unknown {
  const json = source.json();
  if ('problem' in json)
    throw refusal(`${source.path} is not valid JSON: ${json.problem}`, {
      reason: 'json',
      ...(json.line !== null && { line: json.line }),
    });
  const fault = faultInFile(json.value);
  if (fault !== null) throw refusal(`${source.path} is not read: ${fault}`, { reason: 'json' });
  return json.value;
}

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
