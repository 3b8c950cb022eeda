import { typeFailure } from '../../runtime/diagnostics.ts';
import { needInteger, needText } from '../../runtime/execution/arguments.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { codePointLength, codePointOffset, sliceCharacters } from '../../runtime/text/characters.ts';
import { indexOfText, lastIndexOfText, occurrences } from '../../runtime/text/text-search.ts';
import { Tuple, type Value } from '../../runtime/values.ts';

/*
 * What Python's `find`, `index`, `count`, `startswith` and `endswith` have in common: a text to look for, and the stretch
 * to look in.
 */

/** The UTF-16 bounds of the stretch of text that `start` and `end`, in code points, name; null when it ends before it starts. */
function stretch(callee: string, text: string, start: Value, end: Value): readonly [number, number] | null {
  const length = codePointLength(text);
  const place = (bound: Value, usual: number) => {
    if (bound === null) return usual;
    const at = needInteger(callee, bound);
    return Math.max(0, at < 0 ? at + length : at);
  };
  const from = place(start, 0);
  const to = Math.min(length, place(end, length));
  if (from > to) return null;
  if (length === text.length) return [from, to];
  return [sliceCharacters(text, 0, from).length, sliceCharacters(text, 0, to).length];
}

/** Python's `find`, and `rfind` when `last`. */
export function find(runtime: Runtime, callee: string, text: string, args: Value[], last: boolean): number {
  const part = needText(callee, args[0]!);
  const bounds = stretch(callee, text, args[1]!, args[2]!);
  if (bounds === null) return -1;
  const [from, to] = bounds;
  const within = text.slice(from, to);
  if (part === '') return codePointOffset(text, last ? to : from);
  const found = last ? lastIndexOfText(runtime, within, part) : indexOfText(runtime, within, part);
  return found === -1 ? -1 : codePointOffset(text, from + found);
}

/** Python's `index`, and `rindex` when `last`. */
export function index(runtime: Runtime, callee: string, text: string, args: Value[], last: boolean): number {
  const at = find(runtime, callee, text, args, last);
  if (at === -1) throw typeFailure(`"${callee}" did not find the text.`);
  return at;
}

/** Python's `count`. */
export function count(runtime: Runtime, text: string, args: Value[]): number {
  const part = needText('count', args[0]!);
  const bounds = stretch('count', text, args[1]!, args[2]!);
  if (bounds === null) return 0;
  const within = text.slice(...bounds);
  if (part === '') return codePointLength(within) + 1;
  let found = 0;
  for (const _ of occurrences(runtime, within, part, -1)) found += 1;
  return found;
}

/** Python's `startswith`, and `endswith` when `atEnd`. */
export function hasAffix(runtime: Runtime, callee: string, text: string, args: Value[], atEnd: boolean): boolean {
  const bounds = stretch(callee, text, args[1]!, args[2]!);
  const within = bounds === null ? null : text.slice(...bounds);
  const affixes = args[0] instanceof Tuple ? args[0].items : [args[0]!];
  return affixes.some((affix) => {
    const part = needText(callee, affix);
    runtime.step();
    runtime.scan(part.length);
    return within !== null && (atEnd ? within.endsWith(part) : within.startsWith(part));
  });
}
