import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import type { PromptContent } from '../src-core/contract/content.ts';
import type { Prompt } from '../src-core/contract/prompts.ts';
import { clientOf, contentOf, openTestHost, temporaryFolder } from './testing/test-host.ts';

async function createPrompt(client: Client, name: string, content: PromptContent): Promise<Prompt> {
  const prompt = await client.prompts.create({ name, content });
  return (await client.versions.save({ promptId: prompt.id })).prompt;
}

/** Edits the draft and saves it; returns the new version. */
async function saveText(client: Client, promptId: string, text: string, note = '') {
  const { draft } = await client.prompts.get({ id: promptId });
  await client.prompts.saveDraft({ id: promptId, revision: draft.revision, content: contentOf(text) });
  return (await client.versions.save({ promptId, note })).version;
}

test('saving identical content makes nothing, and prompts with the same content share it', async () => {
  const { client, host } = await openTestHost();
  const first = await createPrompt(client, 'one', contentOf('Hello {{ name }}'));
  const second = await createPrompt(client, 'two', contentOf('Hello {{ name }}'));
  expect(first.draft.baseVersion?.hash).toBe(second.draft.baseVersion?.hash);
  expect(await host.database.selectFrom('contents').selectAll().execute()).toHaveLength(1);
  expect(await client.versions.save({ promptId: first.id })).toMatchObject({ created: false, version: { number: 1 } });

  await saveText(client, first.id, 'Bye {{ name }}');
  const { draft } = await client.prompts.get({ id: first.id });
  const back = await client.prompts.saveDraft({
    id: first.id,
    revision: draft.revision,
    content: contentOf('Hello {{ name }}'),
  });
  expect(back.revision).toBe(draft.revision + 1);
  expect((await client.prompts.get({ id: first.id })).draft.baseVersion?.number).toBe(2);
  expect(await client.versions.save({ promptId: first.id })).toMatchObject({ created: true, version: { number: 3 } });
});

test('an empty note is generated from the change, and the size of the change is kept', async () => {
  const { client } = await openTestHost();
  const { id } = await createPrompt(client, 'greet', contentOf('a\nb\nc'));
  await saveText(client, id, 'a\nB\nc\nd');
  await saveText(client, id, 'a\nB\nc\nd\ne', 'by hand');
  const { items, total } = await client.versions.list({ promptId: id });
  expect(total).toBe(3);
  expect(items).toMatchObject([
    { number: 3, note: 'by hand', size: { added: 1, removed: 0 }, labels: ['latest'] },
    { number: 2, note: 'Edited user message', size: { added: 2, removed: 1 }, labels: [], runs: 0, score: null },
    { number: 1, note: 'First version', size: { added: 3, removed: 0 } },
  ]);
  expect(items[0]?.parents).toEqual([items[1]?.id]);
});

test('the timeline is paged and filtered by number, note, author and label', async () => {
  const { client } = await openTestHost();
  const { id } = await createPrompt(client, 'greet', contentOf('0'));
  for (let i = 1; i <= 5; i++) await saveText(client, id, String(i), `Step ${i}`);
  await client.settings.update({ author: 'Ada' });
  const newest = await saveText(client, id, '6', 'the last');
  await client.labels.move({ promptId: id, name: 'staging', versionId: newest.id });

  const first = await client.versions.list({ promptId: id, limit: 4 });
  const second = await client.versions.list({ promptId: id, limit: 4, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...second.items].map((version) => version.number)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(second.nextCursor).toBeNull();
  const numbers = async (filter: { text?: string; author?: string; label?: string }) =>
    (await client.versions.list({ promptId: id, ...filter })).items.map((version) => version.number);
  expect(await numbers({ text: 'STEP 3' })).toEqual([4]);
  expect(await numbers({ text: 'v5' })).toEqual([5]);
  expect(await numbers({ text: '4' })).toEqual([5, 4]);
  expect(await numbers({ text: 'ada' })).toEqual([7]);
  expect(await client.versions.authors({ promptId: id })).toContain('Ada');
  expect(await numbers({ author: 'Ada' })).toEqual([7]);
  expect(await numbers({ label: 'staging' })).toEqual([7]);
  expect(await numbers({ label: 'latest' })).toEqual([7]);
  expect(await numbers({ label: 'production' })).toEqual([]);
  expect(await numbers({ text: "'; DROP TABLE versions; --" })).toEqual([]);
});

test('runs and their average score are counted per version', async () => {
  const { client } = await openTestHost();
  const prompt = await createPrompt(client, 'greet', contentOf('Say hello'));
  const versionId = prompt.draft.baseVersion?.id;
  for (const score of [1, 0]) {
    const { id } = await client.runs.start({
      promptId: prompt.id,
      versionId,
      model: 'starter',
      sampling: { maxTokens: 2 },
    });
    for await (const event of await client.runs.watch({ id })) if (event.kind === 'finished') break;
    await client.runs.score({ id, score });
  }
  expect((await client.versions.list({ promptId: prompt.id })).items[0]).toMatchObject({ runs: 2, score: 0.5 });
});

test('a version is found by number, label and hash, and the log has all versions of all prompts', async () => {
  const { client } = await openTestHost();
  const one = await createPrompt(client, 'support/greet', contentOf('one'));
  await createPrompt(client, 'other', contentOf('other'));
  const second = await saveText(client, one.id, 'two');
  await client.labels.move({ promptId: one.id, name: 'staging', versionId: one.draft.baseVersion!.id });
  const numberOf = async (ref: string) => (await client.versions.find({ ref })).number;
  expect(await numberOf('support/greet')).toBe(2);
  expect(await numberOf('support/greet@1')).toBe(1);
  expect(await numberOf('support/greet@staging')).toBe(1);
  expect(await numberOf(`default/support/greet@${second.hash.slice(0, 8)}`)).toBe(2);
  await expect(numberOf('support/greet@9')).rejects.toMatchObject({ code: 'not_found' });
  await expect(numberOf('support/greet@nowhere')).rejects.toMatchObject({ code: 'not_found' });

  const first = await client.versions.log({ limit: 2 });
  const rest = await client.versions.log({ limit: 2, cursor: first.nextCursor ?? '' });
  expect(first.total).toBe(3);
  expect([...first.items, ...rest.items].map(({ name, number }) => `${name}@${number}`)).toEqual([
    'support/greet@2',
    'other@1',
    'support/greet@1',
  ]);
  expect((await client.versions.log({ promptId: one.id })).items).toHaveLength(2);
});

test('restoring on top goes on with the line; editing from an old version makes a branch; both can be undone', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await createPrompt(client, 'greet', contentOf('one'));
  const first = draft.baseVersion!;
  const second = await saveText(client, id, 'two');
  const onTop = await client.versions.restore({ id: first.id, mode: 'onTop' });
  expect(onTop).toMatchObject({ hash: first.hash, baseVersion: { number: 2 }, canUndo: true });
  expect((await client.prompts.undoDraft({ id })).hash).toBe(second.hash);
  await client.prompts.redoDraft({ id });
  const third = (await client.versions.save({ promptId: id })).version;
  expect(third).toMatchObject({ number: 3, hash: first.hash, parents: [second.id] });

  const { revision } = await client.versions.restore({ id: first.id, mode: 'editFrom' });
  await client.prompts.saveDraft({ id, revision, content: contentOf('branch') });
  expect((await client.versions.save({ promptId: id })).version).toMatchObject({ number: 4, parents: [first.id] });
  await expect(client.versions.restore({ id: first.id, mode: 'onTop', revision: 0 })).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('a diff shows text, settings, a patch and what is rendered with the samples of both sides', async () => {
  const { client } = await openTestHost();
  const samples = [{ name: 'Ada', inputs: { name: 'Ada' } }];
  const inputs = [{ name: 'name', type: 'string' as const }];
  const { id, draft } = await createPrompt(client, 'greet', contentOf('Hi {{ name }}', { inputs, samples }));
  const content = contentOf('Hello {{ name }}', { inputs, samples, settings: { temperature: 0.5 } });
  await client.prompts.saveDraft({ id, revision: draft.revision, content });
  const comparison = await client.versions.diff({
    before: { kind: 'version', versionId: draft.baseVersion!.id },
    after: { kind: 'draft', promptId: id },
  });
  expect(comparison).toMatchObject({
    before: { name: 'greet@1' },
    after: { name: 'greet@draft', version: null },
    summary: 'Edited user message, set temperature 0.5',
    size: { added: 2, removed: 1 },
    diff: { messages: [{ kind: 'changed' }], fields: [{ path: ['settings', 'temperature'], after: 0.5 }] },
  });
  expect(comparison.patch).toContain('-Hi {{ name }}\n+Hello {{ name }}');
  expect(comparison.rendered).toMatchObject([{ sample: 'Ada', same: false }]);
  expect(comparison.rendered[0]?.patch).toContain('-Hi Ada\n+Hello Ada');
});

test('blame follows the first parents', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await createPrompt(client, 'greet', contentOf('one\ntwo\nthree'));
  await saveText(client, id, 'one\nTWO\nthree');
  const branch = await client.versions.restore({ id: draft.baseVersion!.id, mode: 'editFrom' });
  expect(branch.baseVersion?.number).toBe(1);
  const third = await saveText(client, id, 'one\ntwo\nthree\nfour');
  const [message] = await client.versions.blame({ id: third.id });
  expect(message?.lines.map(({ text, versionNumber }) => `${versionNumber} ${text}`)).toEqual([
    '1 one',
    '1 two',
    '1 three',
    '3 four',
  ]);
});

test('versions, contents and moves cannot be changed, deleted or replaced, even in the file itself', async () => {
  const { client, host } = await openTestHost();
  const { id, draft } = await createPrompt(client, 'greet', contentOf('one'));
  await client.labels.move({ promptId: id, name: 'staging', versionId: draft.baseVersion!.id });
  await client.prompts.update({ id, changes: { title: 'Greeting' } });
  const file = new SqliteDatabase(join(host.dataDir, 'promptdev.db'));
  for (const statement of [
    "UPDATE versions SET note = 'x'",
    'DELETE FROM versions',
    'INSERT OR REPLACE INTO versions SELECT * FROM versions',
    "INSERT OR REPLACE INTO versions SELECT 'new id', prompt_id, number, 1, 0, content_hash, NULL, NULL, 'x', NULL, 'x', 'x', 'x', 0, 0 FROM versions",
    'UPDATE versions SET number = 9',
    "UPDATE contents SET body = '{}'",
    "INSERT OR REPLACE INTO contents SELECT hash, '{}' FROM contents",
    "UPDATE label_moves SET author = 'x'",
    'DELETE FROM label_moves',
    "UPDATE prompt_changes SET author = 'x'",
    'DELETE FROM prompt_changes',
  ]) {
    expect(() => file.exec(statement), statement).toThrow(/immutable|append-only/);
  }
  file.close();
});

test('a prompt is deleted for good only from the trash, with everything that belongs to it', async () => {
  const { client, host } = await openTestHost();
  const { id, draft } = await createPrompt(client, 'greet', contentOf('unmistakable'));
  await saveText(client, id, 'second');
  await client.versions.restore({ id: draft.baseVersion!.id, mode: 'editFrom' });
  await saveText(client, id, 'third');
  await client.labels.move({ promptId: id, name: 'staging', versionId: draft.baseVersion!.id });
  await client.prompts.update({ id, changes: { name: 'renamed' } });
  await expect(client.prompts.purge({ ids: [id] })).rejects.toMatchObject({ code: 'invalid' });
  await client.prompts.setStatus({ ids: [id], status: 'trashed' });
  await client.prompts.purge({ ids: [id] });
  await expect(client.prompts.get({ id })).rejects.toMatchObject({ code: 'not_found' });
  for (const table of [
    'versions',
    'drafts',
    'draft_entries',
    'labels',
    'label_moves',
    'prompt_changes',
    'former_names',
    'prompt_tags',
  ] as const)
    expect(await host.database.selectFrom(table).selectAll().execute(), table).toEqual([]);
  expect((await client.library.search({ query: 'unmistakable' })).items).toEqual([]);
});

test('two hosts on one file see each other, and neither overwrites the draft of the other', async () => {
  const dataDir = await temporaryFolder();
  const { client: one } = await openTestHost(dataDir);
  const { host } = await openTestHost(dataDir);
  const two = clientOf(host, 'second');
  const { id, draft } = await createPrompt(one, 'one', contentOf('1'));
  await one.prompts.saveDraft({ id, revision: draft.revision, content: contentOf('mine') });
  const stale = { id, revision: draft.revision, content: contentOf('theirs') };
  await expect(two.prompts.saveDraft(stale)).rejects.toMatchObject({
    code: 'conflict',
    details: { revision: draft.revision + 1 },
  });
  await expect(two.versions.save({ promptId: id, revision: draft.revision })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect((await two.prompts.get({ id })).draft.content.messages[0]?.content).toBe('mine');
  expect((await two.versions.save({ promptId: id })).version.number).toBe(2);
  expect(await one.versions.save({ promptId: id })).toMatchObject({ created: false, version: { number: 2 } });
});
