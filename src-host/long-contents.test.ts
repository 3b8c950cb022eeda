import { expect, test } from 'vitest';
import { contentOf, openTestHost } from './testing/test-host.ts';

const lines = Array.from({ length: 60_000 }, (_, i) => `${i}. Answer in at most ${i % 97} words.`);
const textOf = (version: number) => lines.map((line, i) => (i % 500 === version ? `${line} !` : line)).join('\n');

/** How often others had a turn while the work was under way. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isOver = true;
  return turns;
}

test('saving and comparing versions of 60 000 lines gives others turns between its steps', async () => {
  const { client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'long', content: contentOf(textOf(0)) });
  const first = await client.versions.save({ promptId: id });
  const { revision } = first.prompt.draft;
  await client.prompts.saveDraft({ id, revision, content: contentOf(textOf(1)) });
  let second = first;
  const saving = await turnsDuring(async () => {
    second = await client.versions.save({ promptId: id });
  });
  expect(second.created).toBe(true);
  expect(saving).toBeGreaterThanOrEqual(2);
  const sides = [first, second].map(({ version }) => ({ kind: 'version', versionId: version.id }) as const);
  const comparing = await turnsDuring(async () => {
    const { patch, size } = await client.versions.diff({ before: sides[0]!, after: sides[1]! });
    expect(size).toEqual({ added: 240, removed: 240 });
    expect(patch).toContain('\n+1. Answer in at most 1 words. !\n');
  });
  expect(comparing).toBeGreaterThanOrEqual(1);
});
