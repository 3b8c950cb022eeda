import { harmonyOpenings } from './harmony.ts';

/** Tags around thoughts, in lower case: of most models, of Magistral, Seed-OSS, Kimi-VL and Command A. */
export const pairs: readonly (readonly [opening: string, closing: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<thoughts>', '</thoughts>'],
  ['[think]', '[/think]'],
  ['<seed:think>', '</seed:think>'],
  ['◁think▷', '◁/think▷'],
  ['<|start_thinking|>', '<|end_thinking|>'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
];

/** Tags that a server may leave in although it took the thoughts, or their opening tag, away. */
export const closings: readonly string[] = pairs.map(([, closing]) => closing);
/** What stands between thoughts and answer where a server kept only part of the harmony tokens. */
export const finalChannel = '<|channel|>final<|message|>';
const bareFinalChannel = 'assistantfinal';
/** Each begins with a character that text seldom has, so that text is seldom held back. */
const markedEnds: readonly string[] = [...closings, finalChannel];
const ends: readonly string[] = [...markedEnds, bareFinalChannel];
const patterns = new Map(ends.map((tag) => [tag, new RegExp(tag.replace(/[[\]|/]/g, '\\$&'), 'i')]));
export const longestEnd = Math.max(...ends.map((end) => end.length));

/** White space that is held back at the end of thoughts. */
export const mostSpace = 200;

/** True while a text, in lower case, may become one of the tags that thoughts begin with. */
export function mayBeOpening(low: string): boolean {
  return [...pairs.flat(), ...harmonyOpenings].some((tag) => tag.startsWith(low));
}

/** How much of the end of thoughts may belong to their closing tag, with the white space before it. */
export function lengthToHold(text: string, closing: string): number {
  const tag = text.lastIndexOf(closing[0]!);
  const partial = tag >= 0 && closing.startsWith(text.slice(tag).toLowerCase()) ? text.length - tag : 0;
  const before = text.slice(Math.max(0, text.length - partial - mostSpace), text.length - partial);
  return partial + before.length - before.trimEnd().length;
}

/** Whether a text begins with harmony thoughts whose tokens a server took away: `analysisWe need …`. */
export function isBareAnalysis(head: string): boolean {
  return /^\s*analysis\S/.test(head);
}

/** The first of what may end thoughts that were never opened; `bare` for a bare analysis. */
export function firstEnd(text: string, bare: boolean): { readonly at: number; readonly tag: string } | null {
  if (!bare && !/[<[◁]/.test(text)) return null;
  let first: { at: number; tag: string } | null = null;
  for (const tag of bare ? ends : markedEnds) {
    const at = indexOfTag(text, tag);
    if (at >= 0 && (first === null || at < first.at)) first = { at, tag };
  }
  return first;
}

/** Where a tag stands in any case of letters; a text in lower case may have another length. */
export function indexOfTag(text: string, tag: string): number {
  return text.search(patterns.get(tag)!);
}

/** How much of the end may belong to one of these. */
export function partialEnd(text: string, bare: boolean): number {
  const low = text.slice(-longestEnd).toLowerCase();
  for (let length = Math.min(low.length, longestEnd - 1); length > 0; length -= 1) {
    const tail = low.slice(-length);
    if ((bare ? ends : markedEnds).some((end) => end.length > length && end.startsWith(tail))) return length;
  }
  return 0;
}

/** Whether a lone closing tag ends thoughts, or a text merely speaks of it. */
export function endsThoughts(before: string, tag: string, after: string): boolean {
  if (tag === bareFinalChannel) return isBareAnalysis(before);
  const opening = pairs.find(([, closing]) => closing === tag)?.[0];
  if (opening !== undefined && before.toLowerCase().includes(opening)) return false;
  if (isOdd(before, /^\s*(?:```|~~~)/gm)) return false;
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (isOdd(line, /`/g)) return false;
  const startsLine = line.trim() === '';
  const rest = /^[^\r\n]*/.exec(after)![0];
  const endsLine = rest.trim() === '';
  if (startsLine) return endsLine || !/^[ \t]+\p{Ll}/u.test(rest);
  if (/["'“‘«(]$/.test(line) || /^["'”’».,;:)]/.test(rest)) return false;
  if (endsLine) return after === '' || /[\p{P}\p{N}]\s*$/u.test(line) || /^\s*\n\s*\n/.test(after);
  return /\S$/.test(line) || /^\S/.test(rest);
}

function isOdd(text: string, mark: RegExp): boolean {
  return (text.match(mark)?.length ?? 0) % 2 === 1;
}

/** Thoughts without the channel tokens around them that a server left. */
export function withoutChannel(text: string): string {
  return text
    .replace(/^\s*(?:<\|channel\|>)?analysis<\|message\|>/, '')
    .replace(/^\s*analysis(?=\S)/, '')
    .replace(/(?:<\|end\|>)?\s*(?:<\|start\|>(?:assistant)?)?\s*$/, '');
}
