import { expect, test } from 'vitest';
import type { Change } from '../src-core/contract/workspace.ts';
import { clientOf, contentOf, eventually, openTestHost } from './testing/test-host.ts';

test('summaries are the rows of a list, and what is gone is left out', async () => {
  const { client } = await openTestHost();
  const first = await client.prompts.create({ name: 'a', tags: ['x'], content: contentOf('A') });
  const second = await client.prompts.create({ name: 'b', content: contentOf('B') });
  await client.versions.save({ promptId: first.id });
  const { items } = await client.prompts.list({ order: 'name' });
  const ids = [first.id, second.id, '01961a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b'];
  const rows = await client.prompts.summaries({ ids });
  expect(rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(items);
});

test('a change of a draft says what a list says of it, also when only a text that is not valid yet was typed', async () => {
  const { client, host } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'a', content: contentOf('A') });
  const { prompt } = await client.versions.save({ promptId: id });
  const window = clientOf(host, 'other-window');
  const heard: Change[] = [];
  const stop = new AbortController();
  const changes = await window.workspace.changes(undefined, { signal: stop.signal });
  const following = (async () => {
    for await (const change of changes) heard.push(change);
  })().catch(() => undefined);
  await client.prompts.saveDraft({ id, revision: prompt.draft.revision, typed: { responseSchema: '{ "type": ' } });
  const mark = await eventually(async () => heard.flatMap(({ drafts = [] }) => drafts)[0]);
  const [row] = await client.prompts.summaries({ ids: [id] });
  expect(row?.hasChanges).toBe(true);
  expect(mark).toEqual({
    promptId: id,
    revision: prompt.draft.revision + 1,
    hasChanges: true,
    updatedAt: row?.updatedAt,
  });
  stop.abort();
  await following;
});

test("a person's first save makes the draft, unless it was typed on a version that is not the latest any more", async () => {
  const { client, host } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'a', content: contentOf('One') });
  const first = (await client.versions.save({ promptId: id })).version;
  const { draft } = await client.prompts.get({ id });
  await client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf('Two') });
  const second = (await client.versions.save({ promptId: id })).version;
  // As it is for somebody who has not written anything here yet.
  await host.database.deleteFrom('drafts').execute();
  await host.database.deleteFrom('draft_entries').execute();

  const seen = await client.prompts.get({ id });
  expect(seen.draft).toMatchObject({ revision: 0, baseVersion: { id: second.id }, content: contentOf('Two') });
  const late = { id, revision: 0, baseVersionId: first.id, content: contentOf('One, and mine') };
  await expect(client.prompts.saveDraft(late)).rejects.toMatchObject({ code: 'conflict', details: { revision: 0 } });
  const saved = await client.prompts.saveDraft({ ...late, baseVersionId: second.id, content: contentOf('Two, mine') });
  expect(saved).toMatchObject({ revision: 1, canUndo: true, canRedo: false });
  expect((await client.prompts.get({ id })).draft).toMatchObject({
    revision: 1,
    hash: saved.hash,
    baseVersion: { id: second.id },
  });
});
