import { foldCase } from '../../content/search-terms/fold-text.ts';

/** Whether two tags are one, whatever their case, their width and the way their accents are written. */
export function isSameTag(one: string, other: string): boolean {
  return foldCase(one) === foldCase(other);
}

export function hasTag(tags: readonly string[], tag: string): boolean {
  return tags.some((each) => isSameTag(each, tag));
}

/** Each tag once, in its first spelling. */
export function distinctTags(tags: readonly string[]): string[] {
  const spellings = new Map<string, string>();
  for (const tag of tags) if (!spellings.has(foldCase(tag))) spellings.set(foldCase(tag), tag.normalize('NFC'));
  return [...spellings.values()];
}

/** Every tag with its number of prompts, most used first; of several spellings the one that most prompts have. */
export function countTags(prompts: Iterable<readonly string[]>): { tag: string; count: number }[] {
  const spellings = new Map<string, Map<string, number>>();
  for (const tags of prompts) {
    for (const tag of distinctTags(tags)) {
      const counts = spellings.get(foldCase(tag)) ?? new Map<string, number>();
      spellings.set(foldCase(tag), counts.set(tag, (counts.get(tag) ?? 0) + 1));
    }
  }
  return Array.from(spellings.values(), (counts) => {
    const byUse = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
    return { tag: byUse[0]![0], count: byUse.reduce((sum, [, count]) => sum + count, 0) };
  }).sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
}
