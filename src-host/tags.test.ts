import { expect, test } from 'vitest';
import { contentOf, openTestHost } from './testing/test-host.ts';

const composed = 'café';
const decomposed = 'cafe\u0301';

async function openTagged(...tagsOfPrompts: string[][]) {
  const { client } = await openTestHost();
  const ids: string[] = [];
  for (const [i, tags] of tagsOfPrompts.entries())
    ids.push((await client.prompts.create({ name: `p${i}`, tags, content: contentOf('x') })).id);
  const tagsOf = async (index: number) => (await client.prompts.get({ id: ids[index]! })).tags;
  return { client, ids, tagsOf };
}

test('a tag in several spellings is counted as one, in the spelling that most prompts have', async () => {
  const { client } = await openTagged(['CAFÉ'], [composed], [decomposed, 'ＭＥＮＵ'], ['menu'], ['Menu'], ['menu']);
  expect(await client.prompts.tags()).toEqual([
    { tag: 'menu', count: 4 },
    { tag: composed, count: 3 },
  ]);
  for (const tag of ['CAFÉ', composed, decomposed]) {
    expect((await client.prompts.list({ tags: [tag] })).total).toBe(3);
    expect((await client.prompts.list({ search: `tag:${tag}` })).total).toBe(3);
  }
});

test('a prompt has each tag once, in its first spelling, however it gets there', async () => {
  const { client, ids, tagsOf } = await openTagged(['CAFÉ', composed, decomposed], ['other']);
  expect(await tagsOf(0)).toEqual(['CAFÉ']);
  await client.library.tag({ ids, add: [decomposed, 'CAFÉ', 'Other'] });
  expect(await tagsOf(0)).toEqual(['CAFÉ', 'Other']);
  expect(await tagsOf(1)).toEqual(['other', composed]);
  await client.prompts.update({ id: ids[0]!, changes: { tags: ['Menu', 'MENU', decomposed] } });
  expect(await tagsOf(0)).toEqual(['Menu', composed]);
  // Another spelling of the same tag is a change that a person can make.
  await client.prompts.update({ id: ids[0]!, changes: { tags: ['menu', 'Café'] } });
  expect(await tagsOf(0)).toEqual(['menu', 'Café']);
});

test('a tag is taken off in any spelling', async () => {
  const { client, ids, tagsOf } = await openTagged(['CAFÉ', 'x'], [composed]);
  await client.library.tag({ ids, remove: [decomposed] });
  expect([await tagsOf(0), await tagsOf(1)]).toEqual([['x'], []]);
});
