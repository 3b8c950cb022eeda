import { expect, test } from 'vitest';
import { openHost } from './host/host.ts';
import { clientOf, contentOf, openTestHost, temporaryFolder } from './testing/test-host.ts';

const broken = { responseSchema: '{ "type": "object"' };

test('what is not valid yet is stored beside the content and is there after a restart', async () => {
  const folder = await temporaryFolder();
  const host = await openHost({ dataDir: folder, withoutSamples: true });
  const client = clientOf(host);
  const { id, draft } = await client.prompts.create({ name: 'schema', content: contentOf('one') });
  expect(draft.typed).toEqual({});
  const saved = await client.prompts.saveDraft({ id, revision: draft.revision, typed: broken });
  expect(saved).toMatchObject({ revision: draft.revision + 1, hash: draft.hash });
  await host.close();
  const second = await openTestHost(folder);
  const again = await second.client.prompts.get({ id });
  expect(again.draft.typed).toEqual(broken);
  expect(again.draft.content).toEqual(draft.content);
});

test('a content alone, or texts alone, leave the other as it is', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await client.prompts.create({ name: 'parts', content: contentOf('one') });
  const typed = await client.prompts.saveDraft({ id, revision: draft.revision, typed: broken });
  const content = await client.prompts.saveDraft({ id, revision: typed.revision, content: contentOf('two') });
  const { draft: stored } = await client.prompts.get({ id });
  expect(stored).toMatchObject({ typed: broken, revision: content.revision, hash: content.hash });
  expect(stored.content.messages[0]?.content).toBe('two');
  // Nothing new is no new revision.
  const same = await client.prompts.saveDraft({ id, revision: content.revision, typed: broken });
  expect(same.revision).toBe(content.revision);
});

test('texts make no steps of their own; discarding them with the draft can be undone', async () => {
  const { client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'steps', content: contentOf('one') });
  const { prompt } = await client.versions.save({ promptId: id });
  await client.prompts.saveDraft({
    id,
    revision: prompt.draft.revision,
    typed: { ...broken, 'prompt/name': 'Half A' },
  });
  expect((await client.prompts.draftSteps({ id })).total).toBe(1);
  const discarded = await client.prompts.discardDraft({ id });
  expect(discarded.typed).toEqual({});
  const undone = await client.prompts.undoDraft({ id });
  // The prompt's own name has no place in the history of its content.
  expect(undone.typed).toEqual(broken);
});

test('no version, run or comparison goes on without a text that is not valid yet, and each names the field', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await client.prompts.create({ name: 'refused', content: contentOf('one') });
  const typed = await client.prompts.saveDraft({ id, revision: draft.revision, typed: broken });
  const refusal = {
    code: 'invalid',
    message: expect.stringMatching(/“Response schema” is not valid yet\. This is not valid JSON/),
    details: { field: 'responseSchema' },
  };
  await expect(client.versions.save({ promptId: id })).rejects.toMatchObject(refusal);
  await expect(client.runs.start({ promptId: id, inputs: {} })).rejects.toMatchObject(refusal);
  const models = ['starter'];
  await expect(client.comparisons.start({ prompts: [{ promptId: id }], models, rows: [{}] })).rejects.toMatchObject(
    refusal,
  );
  await client.prompts.saveDraft({ id, revision: typed.revision, typed: {} });
  expect((await client.prompts.get({ id })).draft.typed).toEqual({});
  expect((await client.versions.save({ promptId: id })).created).toBe(true);
});

test('a copy with another content is one operation and takes over no name', async () => {
  const { client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'origin', content: contentOf('theirs') });
  const typed = { ...broken, 'prompt/name': 'Half A Name' };
  const copy = await client.prompts.duplicate({ id, content: contentOf('mine'), typed });
  expect(copy.draft.content.messages[0]?.content).toBe('mine');
  expect(copy.draft.typed).toEqual(broken);
  expect((await client.prompts.get({ id })).draft.content.messages[0]?.content).toBe('theirs');
  // A name that is taken leaves nothing behind.
  const count = (await client.prompts.list({})).total;
  await expect(client.prompts.duplicate({ id, name: 'origin', content: contentOf('x') })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect((await client.prompts.list({})).total).toBe(count);
});

test('two windows that hold different texts notice each other', async () => {
  const { client, host } = await openTestHost();
  const other = clientOf(host);
  const { id, draft } = await client.prompts.create({ name: 'shared', content: contentOf('one') });
  await client.prompts.saveDraft({ id, revision: draft.revision, typed: broken });
  await expect(other.prompts.saveDraft({ id, revision: draft.revision, typed: { tools: '[' } })).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('a half typed name that took effect does not come back with undo', async () => {
  const { client } = await openTestHost();
  const content = contentOf('Hello {{ name }}');
  const declared = { ...content, inputs: [{ name: 'name', type: 'string' as const, required: true, description: '' }] };
  const { id, draft } = await client.prompts.create({ name: 'renamed', content: declared });
  const half = { 'inputs/name/name': 'custom' };
  const typing = await client.prompts.saveDraft({ id, revision: draft.revision, typed: half });
  const renamed = { ...declared, inputs: [{ ...declared.inputs[0]!, name: 'customer' }] };
  await client.prompts.saveDraft({ id, revision: typing.revision, content: renamed, typed: {} });
  const undone = await client.prompts.undoDraft({ id });
  expect(undone.content.inputs[0]?.name).toBe('name');
  expect(undone.typed).toEqual({});
});

test('texts without bounds are refused with a sentence', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await client.prompts.create({ name: 'bounds', content: contentOf('one') });
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`inputs/a${at}/name`, 'x']));
  await expect(client.prompts.saveDraft({ id, revision: draft.revision, typed: many })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('1000 fields'),
  });
});

test('a draft whose only change is a text that is not valid yet counts as changed, in lists, searches and by itself', async () => {
  const { client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'a', content: contentOf('one') });
  await client.versions.save({ promptId: id });
  const marks = async () => {
    const [listed] = (await client.prompts.list({})).items.filter((prompt) => prompt.id === id);
    const [found] = (await client.prompts.list({ search: 'one' })).items.filter((prompt) => prompt.id === id);
    return [listed?.hasChanges, found?.hasChanges, (await client.prompts.get({ id })).hasChanges];
  };
  const type = async (typed: Record<string, string>) => {
    const { draft } = await client.prompts.get({ id });
    await client.prompts.saveDraft({ id, revision: draft.revision, typed });
  };
  expect(await marks()).toEqual([false, false, false]);
  await type(broken);
  expect(await marks()).toEqual([true, true, true]);
  // What the prompt is called is no part of any version.
  await type({ 'prompt/name': 'Half A' });
  expect(await marks()).toEqual([false, false, false]);
  await type({});
  expect(await marks()).toEqual([false, false, false]);
});
