import { foldCase } from '../../content/search-terms/fold-text.ts';
import { prepared, preparedWrite, type ValueOf } from '../../scope/prepared.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import { storedText } from '../../tables/stored-fields.ts';
import { inChunks } from '../../turns.ts';

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

/** Ids that one statement is given; databases bound the number of its parameters. */
const idsAtOnce = 1_000;

/** The tags of each of the prompts in their order; prompts without any are left out. */
export async function tagsOf(scope: Reader, promptIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const tags = new Map<string, string[]>();
  for (const ids of inChunks(promptIds, idsAtOnce)) {
    const rows = await scope.db
      .selectFrom('prompt_tags')
      .select(['prompt_id', 'tag', 'position'])
      .where('prompt_id', 'in', ids)
      .execute();
    // No index has them in this order, and sorting a few of each is less work here.
    for (const row of rows.toSorted((a, b) => a.position - b.position))
      tags.set(row.prompt_id, [...(tags.get(row.prompt_id) ?? []), storedText(row.tag)]);
  }
  return tags;
}

/** The tags of a prompt in their order. */
export async function tagsOfOne(scope: Reader, promptId: string): Promise<string[]> {
  return (await tagsByPrompt(scope.db, { prompt: promptId })).map(({ tag }) => storedText(tag));
}

const tagsByPrompt = prepared((db, value: ValueOf<{ prompt: string }>) =>
  db.selectFrom('prompt_tags').select('tag').where('prompt_id', '=', value('prompt')).orderBy('position'),
);

/** Gives a prompt these tags and no others; each is there once. */
export async function replaceTags(scope: Writer, promptId: string, tags: readonly string[]): Promise<void> {
  await removeTags(scope.db, { prompt: promptId });
  for (const [position, tag] of tags.entries())
    await addTag(scope.db, { prompt: promptId, folded: foldCase(tag), tag, position });
}

const removeTags = preparedWrite((db, value: ValueOf<{ prompt: string }>) =>
  db.deleteFrom('prompt_tags').where('prompt_id', '=', value('prompt')),
);

const addTag = preparedWrite((db, value: ValueOf<{ prompt: string; folded: string; tag: string; position: number }>) =>
  db.insertInto('prompt_tags').values({
    prompt_id: value('prompt'),
    folded: value('folded'),
    tag: value('tag'),
    position: value('position'),
  }),
);

/** A spelling of a tag, and how many prompts have it. */
interface Spelling {
  readonly folded: string;
  readonly tag: string;
  readonly count: number;
}

/** Every tag with its number of prompts, most used first; of several spellings the one that most prompts have. */
export function countTags(spellings: readonly Spelling[]): { tag: string; count: number }[] {
  const byTag = Map.groupBy(spellings, ({ folded }) => folded);
  return Array.from(byTag.values(), (group) => {
    const byUse = group.toSorted((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1));
    return { tag: byUse[0]!.tag, count: group.reduce((sum, { count }) => sum + count, 0) };
  }).sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
}
