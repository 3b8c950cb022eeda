import { charactersOf, isLonger } from '../../src-core/contract/text-length.ts';
import { formatNumber } from '../components/format.ts';

/** Most characters that the host takes in a field; a longer text stays in the field with a message. */
export const longest = {
  search: 1_000,
  timelineSearch: 200,
  sampleName: 100,
  reason: 1_000,
  author: 100,
  modelName: 200,
  key: 10_000,
} as const;

/** Says that a text is too long, as in `A title has at most 200 characters; this one has 340.`; null when it is not. */
export function tooLong(what: string, text: string, most: number): string | null {
  const trimmed = text.trim();
  if (!isLonger(trimmed, most)) return null;
  const length = formatNumber(charactersOf(trimmed));
  return `${what} has at most ${formatNumber(most)} characters; this one has ${length}.`;
}
