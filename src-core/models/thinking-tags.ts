import { harmonyOpenings } from './harmony.ts';

/** Words that prompts ask for as parts of an answer, too: thoughts only where a text begins with them. */
const wordPairs: readonly (readonly [opening: string, closing: string])[] = [
  ['<reasoning>', '</reasoning>'],
  ['<analysis>', '</analysis>'],
];

/** Tags around thoughts, in lower case: of most models, of Magistral, Seed-OSS, Kimi-VL, LongCat, Command A and Gemma. */
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
  ['<longcat_think>', '</longcat_think>'],
  ['<|channel>thought', '<channel|>'],
  ...wordPairs,
];

/** Tags that a server may leave in although it took the thoughts, or their opening tag, away. */
export const closings: readonly string[] = pairs
  .filter((pair) => !wordPairs.includes(pair))
  .map(([, closing]) => closing);
/** What stands between thoughts and answer where a server kept only part of the harmony tokens. */
export const finalChannel = '<|channel|>final<|message|>';
const bareFinalChannel = 'assistantfinal';
/** Each begins with a character that text seldom has, so that text is seldom held back. */
const markedEnds: readonly string[] = [...closings, finalChannel];
const ends: readonly string[] = [...markedEnds, bareFinalChannel];
const patterns = new Map(
  [...ends, ...pairs.flat()].map((tag) => [tag, new RegExp(tag.replace(/[[\]|/]/g, '\\$&'), 'i')]),
);
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

/** What may end thoughts that were never opened; `bare` for a bare analysis. */
export function endsFor(bare: boolean): readonly string[] {
  return bare ? ends : markedEnds;
}

/** Tags that may open thoughts in the middle of an answer; a word does only where the text began with it. */
export function openingsFor(known: string): readonly string[] {
  return pairs.filter((pair) => !wordPairs.includes(pair) || pair[0] === known).map(([opening]) => opening);
}

/** The first of these tags in a text. */
export function firstTag(text: string, tags: readonly string[]): { readonly at: number; readonly tag: string } | null {
  let first: { at: number; tag: string } | null = null;
  for (const tag of tags) {
    if (isMarked(tag) && !mark.test(text)) continue;
    const at = indexOfTag(text, tag);
    if (at >= 0 && (first === null || at < first.at)) first = { at, tag };
  }
  return first;
}

const mark = /[<[◁]/;

function isMarked(tag: string): boolean {
  return mark.test(tag[0]!);
}

/** Where a tag stands in any case of letters; a text in lower case may have another length. */
export function indexOfTag(text: string, tag: string): number {
  return text.search(patterns.get(tag)!);
}

/** How often a tag stands in a text. */
export function countOfTag(text: string, tag: string): number {
  return text.toLowerCase().split(tag).length - 1;
}

/** How much of the end may belong to one of these tags. */
export function partialTag(text: string, tags: readonly string[]): number {
  const low = text.slice(-longestEnd).toLowerCase();
  const possible = mark.test(low) ? tags : tags.filter((tag) => !isMarked(tag));
  if (possible.length === 0) return 0;
  for (let length = Math.min(low.length, longestEnd - 1); length > 0; length -= 1) {
    const tail = low.slice(-length);
    if (possible.some((tag) => tag.length > length && tag.startsWith(tail))) return length;
  }
  return 0;
}

/** Whether an opening tag behind this much of an answer opens thoughts, or the text merely speaks of it. */
export function opensThoughts(before: string, tag: string, wasUsed: boolean): boolean {
  if (isOdd(before, /^\s*(?:```|~~~)/gm)) return false;
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (isOdd(line, /`/g)) return false;
  // A token of the model, which no reader would write outside of quotes.
  if (/^<\||^◁/.test(tag)) return !/["'“‘«(]$/.test(line);
  // What is announced is an example.
  if (/[:：]\s*$/.test(before)) return false;
  if (line.trim() === '') return true;
  return wasUsed && /[.!?…。！？][)"'”’]?\s*$/.test(line);
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
