import { expect, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import { contentOf, finishedRun, openTestHost } from './testing/test-host.ts';

/** A host whose workspace gets its numbers from somewhere else, with a prompt of two versions; the second is not numbered yet. */
async function openElsewhere() {
  const { client, host } = await openTestHost();
  const { id: promptId } = await client.prompts.create({ name: 'greet', content: contentOf('One') });
  const first = (await client.versions.save({ promptId })).version;
  await host.database.updateTable('workspace').set({ home: 'elsewhere' }).execute();
  const second = await saveText(client, promptId, 'Two');
  return { client, host, promptId, first, second };
}

async function saveText(client: Client, promptId: string, text: string) {
  const { draft } = await client.prompts.get({ id: promptId });
  await client.prompts.saveDraft({ id: promptId, revision: draft.revision, content: contentOf(text), ownStep: true });
  return (await client.versions.save({ promptId })).version;
}

test('a version that its home has not numbered is found by its hash, by "latest" and by a label, and not by the number', async () => {
  const { client, promptId, first, second } = await openElsewhere();
  expect(first).toMatchObject({ number: 1, confirmed: true });
  expect(second).toMatchObject({ number: 2, confirmed: false });
  await expect(client.versions.find({ ref: 'greet@2' })).rejects.toMatchObject({ code: 'not_found' });
  expect(await client.versions.find({ ref: 'greet@1' })).toMatchObject({ id: first.id });
  await client.labels.move({ promptId, name: 'staging', versionId: second.id });
  for (const ref of [`greet@sha:${second.hash.slice(0, 12)}`, 'greet', 'greet@staging'])
    expect(await client.versions.find({ ref })).toMatchObject({ id: second.id, confirmed: false });
  const names = ['greet@2', `greet@sha:${second.hash.slice(0, 8)}`];
  expect(await client.prompts.includes({ names })).toMatchObject({ 'greet@2': null, [names[1]!]: { source: 'Two' } });
});

test('wherever its number is read it comes with the word that it is not given yet', async () => {
  const { client, promptId, first, second } = await openElsewhere();
  expect(await client.prompts.get({ id: promptId })).toMatchObject({ latestVersion: 2, latestConfirmed: false });
  expect((await client.prompts.draftSteps({ id: promptId })).items.map(({ version }) => version)).toEqual([
    { number: 2, confirmed: false },
    { number: 1, confirmed: true },
  ]);
  const [message] = await client.versions.blame({ id: second.id });
  expect(message?.lines).toMatchObject([{ versionId: second.id, versionNumber: 2, confirmed: false }]);
  const found = await client.library.search({ query: 'two', kinds: ['version'] });
  expect(found.items).toMatchObject([{ ref: second.id, versionNumber: 2, versionConfirmed: false }]);
  const { patch } = await client.versions.diff({
    before: { kind: 'version', versionId: first.id },
    after: { kind: 'version', versionId: second.id },
  });
  expect(patch).toContain(`greet@sha:${second.hash.slice(0, 12)}`);
  await client.labels.move({ promptId, name: 'production', versionId: first.id, confirm: true });
  await expect(client.labels.move({ promptId, name: 'production', versionId: second.id })).rejects.toThrow(
    'moving it from v1 to v2 · not synced needs a confirmation',
  );
});

test('a run and a comparison say the number that the version has got since', async () => {
  const { client, host, promptId, second } = await openElsewhere();
  const sampling = { maxTokens: 4 };
  const { id } = await client.runs.start({ promptId, versionId: second.id, model: 'starter', sampling });
  expect(await finishedRun(client, id)).toMatchObject({ versionNumber: 2, versionConfirmed: false });
  const prompts = [{ promptId, versionId: second.id }];
  const comparison = await client.comparisons.start({ prompts, models: ['starter'], rows: [{}], sampling });
  expect((await client.comparisons.get(comparison)).prompts).toMatchObject([{ versionConfirmed: false }]);

  const given = { number: 3, confirmed: 1 } as const;
  await host.database.updateTable('versions').set(given).where('id', '=', second.id).execute();
  const numbered = { versionNumber: 3, versionConfirmed: true };
  expect(await client.runs.get({ id })).toMatchObject(numbered);
  expect((await client.runs.list({ promptId, includeComparisons: false })).items).toMatchObject([numbered]);
  expect((await client.comparisons.get(comparison)).prompts).toMatchObject([numbered]);
  expect(await client.versions.find({ ref: 'greet@3' })).toMatchObject({ id: second.id });
});
