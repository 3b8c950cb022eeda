import { expect, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import { fillPrompts } from './testing/fill-prompts.ts';
import { clientOf, contentOf, eventually, openTestHost } from './testing/test-host.ts';

/** A prompt with one saved version. */
async function createPrompt(client: Client, name: string, text: string, project = 'default') {
  const prompt = await client.prompts.create({ name, project, content: contentOf(text) });
  return (await client.versions.save({ promptId: prompt.id })).prompt;
}

async function saveText(client: Client, id: string, text: string) {
  const { draft } = await client.prompts.get({ id });
  await client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf(text) });
  return (await client.versions.save({ promptId: id })).version;
}

test('a label moves with author and reason, rolls back step by step, and keeps its history', async () => {
  const { client } = await openTestHost();
  await client.settings.update({ author: 'Ada' });
  const { id, draft } = await createPrompt(client, 'greet', 'one');
  const one = draft.baseVersion!;
  const [two, three] = [await saveText(client, id, 'two'), await saveText(client, id, 'three')];
  const name = 'staging';
  for (const version of [one, two, three]) await client.labels.move({ promptId: id, name, versionId: version.id });
  await client.labels.move({ promptId: id, name, versionId: three.id, reason: 'again' });
  expect((await client.labels.rollback({ promptId: id, name }))?.version.number).toBe(2);
  expect((await client.labels.rollback({ promptId: id, name, reason: 'worse' }))?.version.number).toBe(1);
  await client.labels.remove({ promptId: id, name });
  expect((await client.labels.rollback({ promptId: id, name }))?.version.number).toBe(1);
  expect(await client.labels.rollback({ promptId: id, name })).toBeNull();
  await expect(client.labels.rollback({ promptId: id, name })).rejects.toMatchObject({ code: 'invalid' });

  const { items, total } = await client.labels.history({ promptId: id, name });
  expect(total).toBe(8);
  expect(items.map(({ kind, from, to }) => `${kind} ${from?.number ?? '–'} ${to?.number ?? '–'}`)).toEqual([
    'rollback 1 –',
    'rollback – 1',
    'remove 1 –',
    'rollback 2 1',
    'rollback 3 2',
    'move 2 3',
    'move 1 2',
    'move – 1',
  ]);
  expect(items[3]).toMatchObject({ author: 'Ada', reason: 'worse' });
});

test('a protected label moves only when confirmed, and the preview shows what would change', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await createPrompt(client, 'greet', 'Hello');
  const two = await saveText(client, id, 'Hello there');
  const move = { promptId: id, name: 'production', versionId: draft.baseVersion!.id };
  await expect(client.labels.move(move)).rejects.toMatchObject({
    code: 'denied',
    details: { label: 'production', from: null, to: 1 },
  });
  await client.labels.move({ ...move, confirm: true });
  const preview = await client.labels.preview({ promptId: id, name: 'production', versionId: two.id });
  expect(preview).toMatchObject({ protected: true, from: { number: 1 }, to: { number: 2 } });
  await expect(client.labels.remove({ promptId: id, name: 'production' })).rejects.toMatchObject({ code: 'denied' });

  await client.labels.protect({ name: 'production', protected: false });
  await client.labels.protect({ name: 'staging', protected: true });
  await client.labels.move({ ...move, versionId: two.id });
  await expect(client.labels.move({ ...move, name: 'staging' })).rejects.toMatchObject({ code: 'denied' });
  expect(await client.labels.names()).toMatchObject([
    { name: 'development', prompts: 0, protected: false },
    { name: 'staging', prompts: 0, protected: true },
    { name: 'production', prompts: 1, protected: false },
  ]);
  expect((await client.labels.list({ promptId: id })).map((label) => [label.name, label.automatic])).toEqual([
    ['latest', true],
    ['production', false],
  ]);
});

test.each(['latest', 'Production', '12', 'abcdef0', '', 'a b', 'x'.repeat(37)])(
  '"%s" is no label to move',
  async (name) => {
    const { client } = await openTestHost();
    const { id, draft } = await createPrompt(client, 'greet', 'one');
    await expect(client.labels.move({ promptId: id, name, versionId: draft.baseVersion!.id })).rejects.toMatchObject({
      code: 'invalid',
    });
  },
);

test('a label never points at a version of another prompt', async () => {
  const { client } = await openTestHost();
  const [one, two] = [await createPrompt(client, 'one', '1'), await createPrompt(client, 'two', '2')];
  const move = { promptId: one.id, name: 'staging', versionId: two.draft.baseVersion!.id };
  await expect(client.labels.move(move)).rejects.toMatchObject({ code: 'invalid' });
});

test('edits of both branches merge into the draft, and the next version has both parents', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await createPrompt(client, 'greet', 'one\ntwo\nthree\nfour\nfive');
  const two = await saveText(client, id, 'ONE\ntwo\nthree\nfour\nfive');
  await client.versions.restore({ id: draft.baseVersion!.id, mode: 'editFrom' });
  const three = await saveText(client, id, 'one\ntwo\nthree\nfour\nFIVE');
  const preview = await client.versions.previewMerge({ promptId: id, theirs: two.id });
  expect(preview).toMatchObject({ base: { number: 1 }, fastForward: false, merge: { kind: 'clean' } });
  const merged = await client.versions.applyMerge({ promptId: id, theirs: two.id, revision: preview.revision });
  expect(merged.content.messages[0]?.content).toBe('ONE\ntwo\nthree\nfour\nFIVE');
  await expect(client.versions.previewMerge({ promptId: id, theirs: two.id })).rejects.toMatchObject({
    code: 'conflict',
  });

  await client.prompts.undoDraft({ id });
  expect(await client.versions.save({ promptId: id })).toMatchObject({ created: false });
  await client.prompts.redoDraft({ id });
  const { version } = await client.versions.save({ promptId: id });
  expect(version).toMatchObject({ number: 4, parents: [three.id, two.id] });
  await expect(client.versions.previewMerge({ promptId: id, theirs: two.id })).rejects.toMatchObject({
    code: 'invalid',
  });
});

test('a merge with conflicts waits for choices and refuses a draft that moved on', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await createPrompt(client, 'greet', 'one');
  const two = await saveText(client, id, 'theirs');
  await client.versions.restore({ id: draft.baseVersion!.id, mode: 'editFrom' });
  await saveText(client, id, 'ours');
  const { merge, revision } = await client.versions.previewMerge({ promptId: id, theirs: two.id });
  const [conflict] = merge.kind === 'conflict' ? merge.conflicts : [];
  expect(conflict).toMatchObject({ kind: 'text', base: ['one'], ours: ['ours'], theirs: ['theirs'] });
  const apply = { promptId: id, theirs: two.id, revision };
  await expect(client.versions.applyMerge(apply)).rejects.toMatchObject({ code: 'conflict' });
  const choices = { [conflict!.id]: { take: 'both' as const } };
  await expect(client.versions.applyMerge({ ...apply, revision: revision - 1, choices })).rejects.toMatchObject({
    code: 'conflict',
  });
  const merged = await client.versions.applyMerge({ ...apply, choices });
  expect(merged.content.messages[0]?.content).toBe('ours\ntheirs');
});

test('an unchanged draft simply moves on to a version that comes from its own', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await createPrompt(client, 'greet', 'one');
  const two = await saveText(client, id, 'two');
  await client.versions.restore({ id: draft.baseVersion!.id, mode: 'editFrom' });
  const { revision, fastForward } = await client.versions.previewMerge({ promptId: id, theirs: two.id });
  expect(fastForward).toBe(true);
  const moved = await client.versions.applyMerge({ promptId: id, theirs: two.id, revision });
  expect(moved).toMatchObject({ hash: two.hash, baseVersion: { number: 2 } });
});

test('search finds prompts, old versions and notes, and marks what it found', async () => {
  const { client } = await openTestHost();
  const { id } = await createPrompt(client, 'support/refund', 'Refund politely, <b>always</b> & fast, in the café');
  await saveText(client, id, 'Something else entirely');
  await client.prompts.update({ id, changes: { tags: ['money'], title: 'Give it back' } });
  const search = async (query: string) =>
    (await client.library.search({ query })).items.map(({ kind, versionNumber, snippet }) => [
      kind,
      versionNumber,
      snippet,
    ]);
  expect(await search('polit')).toEqual([
    ['version', 1, 'Refund <mark>politely</mark>, &lt;b&gt;always&lt;/b&gt; &amp; fast, in the café'],
  ]);
  expect(await search('"cafe"')).toMatchObject([['version', 1, expect.stringContaining('<mark>café</mark>')]]);
  // The draft says it too, so the version that it started from would only repeat it.
  expect(await search('"else entirely"')).toEqual([['prompt', null, 'Something <mark>else entirely</mark>']]);
  expect(await search('back tag:MONEY')).toEqual([['prompt', null, 'Give it <mark>back</mark>']]);
  expect(await search('"first version" tag:other')).toEqual([]);
  expect((await client.prompts.list({ search: 'polit' })).items).toMatchObject([
    { name: 'support/refund', snippet: expect.stringContaining('<mark>politely</mark>') },
  ]);
  expect((await client.prompts.list({ search: 'label:staging' })).items).toEqual([]);
  expect((await client.prompts.list({ search: 'tag:money updated:1d' })).total).toBe(1);
});

test('a word that thousands of prompts say still gives the best first, each of them once, and all of those that fit a filter', async () => {
  const { client, host } = await openTestHost();
  fillPrompts(
    host.dataDir,
    Array.from({ length: 2_500 }, (_, i) => ({
      name: `mail/prompt-${i}`,
      text: i === 7 ? 'Refund refund refund!' : `Answer about a refund number ${i}, politely and at some length.`,
      tags: i < 1_200 ? ['old'] : [],
    })),
  );
  fillPrompts(host.dataDir, [{ name: 'refund/policy', text: 'What we pay back.' }]);
  const first = await client.prompts.list({ search: 'refund', limit: 100 });
  expect(first.total).toBe(2_501);
  expect(first.items.slice(0, 2).map(({ name }) => name)).toEqual(['refund/policy', 'mail/prompt-7']);
  const names = new Set(first.items.map(({ name }) => name));
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page = await client.prompts.list({ search: 'refund', limit: 500, cursor });
    for (const { name } of page.items) names.add(name);
    cursor = page.nextCursor;
  }
  expect(names.size).toBe(2_501);
  // The oldest, which a look at the newest matches alone would miss.
  expect((await client.prompts.list({ search: 'refund tag:old' })).total).toBe(1_200);
  expect((await client.library.search({ query: 'refund tag:old', limit: 1 })).total).toBe(1_200);
});

test('model: finds prompts by the model that their draft names, first or as a fallback, and by what ran them', async () => {
  const { client } = await openTestHost();
  const content = contentOf('Write about "other/model" and {"model":"lab/large"}.');
  const withModel = (model: string | null, fallbacks: string[] = []) => ({
    ...content,
    settings: { model, fallbacks },
  });
  await client.prompts.create({ name: 'first', content: withModel('lab/large') });
  await client.prompts.create({ name: 'fallback', content: withModel('lab/small', ['lab/large']) });
  await client.prompts.create({ name: 'says-it-only', content: withModel(null) });
  const found = async (search: string) =>
    (await client.prompts.list({ search, order: 'name' })).items.map(({ name }) => name);
  expect(await found('model:lab/large')).toEqual(['fallback', 'first']);
  expect(await found('model:lab/small')).toEqual(['fallback']);
  expect(await found('write model:lab/large')).toHaveLength(2);
  expect(await found('model:other/model')).toEqual([]);
});

test('no search, however odd, is an error', async () => {
  const { client } = await openTestHost();
  await createPrompt(client, 'greet', 'one');
  const odd = [
    '"',
    "'",
    '*',
    'AND',
    'NEAR(',
    '(((',
    'a OR',
    '^x',
    'name:x',
    '\u0000',
    '"open',
    '-',
    '😀',
    '\ud800',
    '%_',
    'tag:',
  ];
  for (const query of odd) {
    expect((await client.library.search({ query })).items.length, query).toBeLessThan(3);
    expect((await client.prompts.list({ search: query })).items.length, query).toBeLessThan(2);
  }
});

test('renaming rewrites the includes in drafts as one undoable step, and versions go on including the old name', async () => {
  const { client } = await openTestHost();
  const tone = await createPrompt(client, 'tone', 'Be kind.');
  const user = await createPrompt(
    client,
    'greet',
    '{% include "tone" %} and {%- include \'default/tone@1\' -%} not tone',
  );
  expect(await client.library.whereUsed({ id: tone.id })).toMatchObject([
    { name: 'greet', inDraft: true, inLatest: true, as: ['tone', 'default/tone@1'] },
  ]);
  const { rewritten } = await client.library.rename({ id: tone.id, name: 'style/tone', rewriteIncludes: true });
  expect(rewritten).toEqual([{ promptId: user.id, name: 'greet' }]);
  const { draft } = await client.prompts.get({ id: user.id });
  expect(draft.content.messages[0]?.content).toBe(
    '{% include "style/tone" %} and {%- include \'default/style/tone@1\' -%} not tone',
  );
  const undone = await client.prompts.undoDraft({ id: user.id });
  const { messages } = await client.prompts.render({ content: undone.content, inputs: {} });
  expect(messages?.[0]?.content).toBe('Be kind. andBe kind.not tone');
  expect((await client.prompts.find({ name: 'tone' })).name).toBe('style/tone');
});

test('renaming rewrites includes by former names as a whole, keeps the project before them, and never lets them mean another', async () => {
  const { client } = await openTestHost();
  const one = await createPrompt(client, 'big-x', 'One.', 'shop');
  const user = await createPrompt(
    client,
    'user',
    '{% include "big-x" %}{% include "shop/big-x@1" %}{% include "dir/x" %}{% include "shop/x" %}',
  );
  await createPrompt(client, 'y', 'Another.');
  for (const name of ['dir/x', 'x']) await client.library.rename({ id: one.id, name, rewriteIncludes: false });
  const text = async () => (await client.prompts.get({ id: user.id })).draft.content.messages[0]?.content;
  const rendered = async () => (await client.prompts.render({ id: user.id, inputs: {} })).messages?.[0]?.content;
  await client.library.rename({ id: one.id, name: 'z', rewriteIncludes: true });
  expect(await text()).toBe('{% include "z" %}{% include "shop/z@1" %}{% include "z" %}{% include "shop/z" %}');
  // The name alone would mean the prompt of the default project.
  await client.library.rename({ id: one.id, name: 'y', rewriteIncludes: true });
  expect(await text()).toBe(
    '{% include "shop/y" %}{% include "shop/y@1" %}{% include "shop/y" %}{% include "shop/y" %}',
  );
  expect(await rendered()).toBe('One.One.One.One.');
});

test('a prompt is found by a former name of its project, also when another project has that name, had it, or it is gone', async () => {
  const { client } = await openTestHost();
  const { id } = await createPrompt(client, 'x', 'X', 'one');
  const user = await createPrompt(client, 'user', '{% include "one/x" %}');
  const rendered = async () => (await client.prompts.render({ id: user.id, inputs: {} })).messages?.[0]?.content;
  await client.library.renameProject({ from: 'one', to: 'two' });
  await createPrompt(client, 'y', 'Y', 'one');
  expect(await rendered()).toBe('X');
  await client.library.renameProject({ from: 'one', to: 'three' });
  expect(await rendered()).toBe('X');
  expect((await client.prompts.find({ name: 'one/y' })).project).toBe('three');
  await client.library.rename({ id, name: 'z', rewriteIncludes: false });
  await client.library.moveToProject({ ids: [id], project: 'four' });
  await client.library.removeProject({ name: 'two' });
  expect(await rendered()).toBe('X');
  await client.library.moveToProject({ ids: [id], project: 'five' });
  await client.library.removeProject({ name: 'four' });
  expect(await rendered()).toBe('X');
  for (const name of ['x', 'two/x', 'two/z', 'four/z']) expect((await client.prompts.find({ name })).id).toBe(id);
  expect((await client.library.whereUsed({ id })).map(({ name }) => name)).toEqual(['user']);
  const again = await createPrompt(client, 'x', 'New', 'one');
  expect((await client.prompts.find({ name: 'one/x' })).id).toBe(again.id);
});

test('trashing what others include asks first', async () => {
  const { client } = await openTestHost();
  const tone = await createPrompt(client, 'tone', 'Be kind.');
  const user = await createPrompt(client, 'greet', '{% include "tone" %}');
  const trash = { ids: [tone.id], status: 'trashed' as const };
  await expect(client.prompts.setStatus(trash)).rejects.toMatchObject({
    code: 'conflict',
    details: { usedBy: ['greet'] },
  });
  await client.prompts.setStatus({ ids: [tone.id, user.id], status: 'trashed' });
  await client.prompts.setStatus({ ids: [tone.id, user.id], status: 'active' });
  await client.prompts.setStatus({ ...trash, force: true });
  expect((await client.prompts.list({ status: 'trashed' })).items.map((item) => item.name)).toEqual(['tone']);
});

test('projects and folders are listed, renamed, emptied and removed', async () => {
  const { client } = await openTestHost();
  const one = await createPrompt(client, 'support/mail/reply', 'one', 'shop');
  const two = await createPrompt(client, 'support/chat', 'two', 'shop');
  await createPrompt(client, 'support/chat', 'three');
  expect(await client.library.folders({ project: 'shop' })).toEqual([
    { folder: '', prompts: 2, direct: 0 },
    { folder: 'support', prompts: 2, direct: 1 },
    { folder: 'support/mail', prompts: 1, direct: 1 },
  ]);
  await client.library.createProject({ name: 'empty' });
  await expect(client.library.createProject({ name: 'a/b' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(client.library.createProject({ name: 'shop' })).rejects.toMatchObject({ code: 'conflict' });
  await expect(client.library.removeProject({ name: 'shop' })).rejects.toMatchObject({ code: 'conflict' });
  await client.library.renameProject({ from: 'shop', to: 'store' });
  expect((await client.prompts.find({ name: 'shop/support/mail/reply' })).project).toBe('store');
  await expect(client.library.moveToProject({ ids: [one.id, two.id], project: 'default' })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect((await client.prompts.get({ id: one.id })).project).toBe('store');
  await client.library.moveToProject({ ids: [one.id, two.id], project: 'empty' });
  await client.library.removeProject({ name: 'store' });
  expect(await client.library.projects()).toEqual([
    { name: 'default', prompts: 1 },
    { name: 'empty', prompts: 2 },
  ]);
});

test('many prompts are tagged at once, and every change of metadata is recorded', async () => {
  const { client, host } = await openTestHost();
  const ids = [(await createPrompt(client, 'one', '1')).id, (await createPrompt(client, 'two', '2')).id];
  expect(await client.library.tag({ ids, add: ['a', 'b'] })).toEqual({ changed: ids });
  await client.library.tag({ ids, add: ['c'], remove: ['a'] });
  expect(await client.library.tag({ ids, add: ['c'] })).toEqual({ changed: [] });
  expect((await client.prompts.list({ tags: ['C'] })).items.map((item) => item.tags)).toEqual([
    ['b', 'c'],
    ['b', 'c'],
  ]);
  const changes = await host.database
    .selectFrom('prompt_changes')
    .selectAll()
    .where('prompt_id', '=', ids[0]!)
    .execute();
  expect(changes.map(({ before, after }) => [before, after])).toEqual([
    ['{"tags":[]}', '{"tags":["a","b"]}'],
    ['{"tags":["a","b"]}', '{"tags":["b","c"]}'],
  ]);
});

test('the undo tree keeps every branch, survives a restart, and forgets only the oldest steps', async () => {
  const first = await openTestHost();
  const { id } = await createPrompt(first.client, 'greet', 'start');
  const write = async (client: Client, text: string) => {
    const { revision } = (await client.prompts.get({ id })).draft;
    return client.prompts.saveDraft({ id, revision, content: contentOf(text), ownStep: true });
  };
  await write(first.client, 'left');
  await first.client.prompts.undoDraft({ id });
  await write(first.client, 'right');
  const { client } = await openTestHost(first.host.dataDir);
  const steps = (await client.prompts.draftSteps({ id })).items;
  expect(steps.map(({ current }) => current)).toEqual([true, false, false]);
  expect(steps[0]?.parent).toBe(steps[2]?.step);
  expect(steps.map(({ summary, size, excerpt, version }) => [summary, size.added, excerpt, version])).toEqual([
    ['Edited user message', 1, '+ right', null],
    ['Edited user message', 1, '+ left', null],
    ['', 0, '', expect.objectContaining({ number: 1 })],
  ]);
  const step = { kind: 'step' as const, promptId: id, step: steps[1]!.step };
  const { before, patch } = await client.versions.diff({ before: step, after: { kind: 'draft', promptId: id } });
  expect(before.name).toBe(`greet@step-${step.step.slice(0, 8)}`);
  expect(patch).toContain('-left\n+right');
  expect((await client.prompts.draftStep({ id, step: step.step })).content.messages[0]?.content).toBe('left');
  const left = await client.prompts.goToStep({ id, step: steps[1]!.step });
  expect(left.content.messages[0]?.content).toBe('left');
  await expect(client.prompts.goToStep({ id, step: crypto.randomUUID() })).rejects.toMatchObject({ code: 'not_found' });

  for (let i = 0; i < 310; i++) await write(client, `text ${i}`);
  expect((await client.prompts.draftSteps({ id, limit: 1 })).total).toBe(300);
  const undone = await client.prompts.undoDraft({ id });
  expect(undone.content.messages[0]?.content).toBe('text 308');
  expect((await client.prompts.redoDraft({ id })).content.messages[0]?.content).toBe('text 309');

  // From the oldest state that is kept, which the next one is made from.
  let draft = await client.prompts.undoDraft({ id });
  while (draft.canUndo) draft = await client.prompts.undoDraft({ id });
  const oldest = draft.content.messages[0]?.content;
  for (const text of ['on', 'and on']) await write(client, text);
  for (const text of ['on', oldest])
    expect((await client.prompts.undoDraft({ id })).content.messages[0]?.content).toBe(text);
  expect((await client.prompts.draftSteps({ id, limit: 1 })).total).toBe(300);
});

test('typing joins into one step, and discarding returns to the version and can be undone', async () => {
  const { client } = await openTestHost();
  const { id, draft } = await createPrompt(client, 'greet', 'start');
  let { revision } = draft;
  for (const text of ['s', 'st', 'sto', 'stop'])
    ({ revision } = await client.prompts.saveDraft({ id, revision, content: contentOf(text) }));
  expect((await client.prompts.draftSteps({ id })).total).toBe(2);
  const discarded = await client.prompts.discardDraft({ id });
  expect(discarded.content.messages[0]?.content).toBe('start');
  expect((await client.prompts.undoDraft({ id })).content.messages[0]?.content).toBe('stop');
});

test('what one window typed is never swallowed by the undo step of another', async () => {
  const { client, host } = await openTestHost();
  const other = clientOf(host, 'other window');
  const { id, draft } = await createPrompt(client, 'greet', 'start');
  const mine = await client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf('mine') });
  await other.prompts.saveDraft({ id, revision: mine.revision, content: contentOf('theirs') });
  expect((await other.prompts.undoDraft({ id })).content.messages[0]?.content).toBe('mine');
});

type FolderMove = Parameters<Client['library']['moveFolder']>[0];

/** Follows a move to its end: how far it said to be, and what it changed. */
async function moveFolder(client: Client, move: FolderMove) {
  const progress: string[] = [];
  for await (const event of await client.library.moveFolder(move)) {
    if (event.kind === 'done') return { progress, ...event };
    progress.push(`${event.done}/${event.total}`);
  }
  throw new Error('The move ended without a word.');
}

async function namesIn(
  client: Client,
  folder: string,
  options: { status?: 'active' | 'trashed'; direct?: boolean } = {},
) {
  return (await client.prompts.list({ folder, order: 'name', ...options })).items.map(({ name }) => name);
}

test('a folder moves with everything in it, its includes follow as one step each, and the way back leaves others alone', async () => {
  const { client } = await openTestHost();
  await createPrompt(client, 'mail/tone', 'Be kind.');
  const reply = await createPrompt(
    client,
    'mail/reply/refund',
    '{% include "mail/tone" %} {% include "default/mail/tone@1" %}',
  );
  const outside = await createPrompt(client, 'letter', '{% include "mail/tone" %}');
  const trashed = await createPrompt(client, 'mail/old', 'old');
  await client.prompts.setStatus({ ids: [trashed.id], status: 'trashed' });
  const resident = await createPrompt(client, 'support/hello', 'hello');
  await createPrompt(client, 'mailing/list', 'not in the folder');
  expect(await client.library.folderUsedBy({ folder: 'mail' })).toMatchObject([
    { name: 'letter' },
    { name: 'mail/reply/refund' },
  ]);

  const { moved, rewritten } = await moveFolder(client, { from: 'mail', to: 'support', rewriteIncludes: true });
  expect([...rewritten].sort()).toEqual([outside.id, reply.id].sort());
  expect(await namesIn(client, 'support')).toEqual(['support/hello', 'support/reply/refund', 'support/tone']);
  expect(await namesIn(client, 'support', { direct: true })).toEqual(['support/hello', 'support/tone']);
  expect(await namesIn(client, 'support', { status: 'trashed' })).toEqual(['support/old']);
  expect(await namesIn(client, 'mail')).toEqual([]);
  const textOf = async (id: string) => (await client.prompts.get({ id })).draft.content.messages[0]?.content;
  expect(await textOf(reply.id)).toBe('{% include "support/tone" %} {% include "default/support/tone@1" %}');
  expect(await textOf(outside.id)).toBe('{% include "support/tone" %}');
  expect((await client.prompts.list({ search: 'support refund' })).items.map(({ id }) => id)).toEqual([reply.id]);
  // What was saved goes on finding its includes by their old names.
  const { messages } = await client.prompts.render({
    content: (await client.versions.find({ ref: 'letter' })).content,
    inputs: {},
  });
  expect(messages?.[0]?.content).toBe('Be kind.');

  await moveFolder(client, { from: 'support', to: 'mail', rewriteIncludes: true, only: moved });
  expect(await namesIn(client, 'mail')).toEqual(['mail/reply/refund', 'mail/tone']);
  expect(await textOf(outside.id)).toBe('{% include "mail/tone" %}');
  expect((await client.prompts.get({ id: resident.id })).name).toBe('support/hello');
  expect((await client.prompts.undoDraft({ id: outside.id })).content.messages[0]?.content).toBe(
    '{% include "support/tone" %}',
  );
});

test('a folder moves into itself, out of itself and to the top, and not at all when one name is taken', async () => {
  const { client } = await openTestHost();
  for (const name of ['a/x', 'a/a/x', 'a/a/a/y']) await createPrompt(client, name, name);
  await moveFolder(client, { from: 'a', to: 'a/a', rewriteIncludes: false });
  expect(await namesIn(client, 'a')).toEqual(['a/a/a/a/y', 'a/a/a/x', 'a/a/x']);
  await moveFolder(client, { from: 'a/a', to: 'a', rewriteIncludes: false });
  expect(await namesIn(client, '')).toEqual(['a/a/a/y', 'a/a/x', 'a/x']);
  const { moved } = await moveFolder(client, { from: 'a', to: '', rewriteIncludes: false });
  expect(await namesIn(client, '')).toEqual(['a/a/y', 'a/x', 'x']);
  await moveFolder(client, { from: '', to: 'a', rewriteIncludes: false, only: moved });
  await createPrompt(client, 'x', 'taken');
  const up = { from: 'a', to: '', rewriteIncludes: false };
  await expect(moveFolder(client, up)).rejects.toMatchObject({ code: 'conflict', details: { name: 'x' } });
  expect(await namesIn(client, 'a')).toHaveLength(3);
  await expect(moveFolder(client, { ...up, from: 'nowhere' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(moveFolder(client, { ...up, to: `a/${'long'.repeat(49)}` })).rejects.toMatchObject({ code: 'invalid' });
});

test('thousands of prompts are counted and paged without being read, move with progress, and stay when that is cancelled', async () => {
  const { client, host } = await openTestHost();
  fillPrompts(
    host.dataDir,
    Array.from({ length: 1_200 }, (_, i) => ({
      name: `team/${i % 3 === 0 ? 'deep/' : ''}p-${String(i).padStart(4, '0')}`,
      text: 'Hi',
    })),
  );
  expect(await client.library.folders({})).toEqual([
    { folder: '', prompts: 1_200, direct: 0 },
    { folder: 'team', prompts: 1_200, direct: 800 },
    { folder: 'team/deep', prompts: 400, direct: 400 },
  ]);
  const far = await client.prompts.list({ folder: 'team', direct: true, order: 'name', offset: 798, limit: 100 });
  expect(far.total).toBe(800);
  expect(far.items.map(({ name }) => name)).toEqual(['team/p-1198', 'team/p-1199']);

  for await (const event of await client.library.moveFolder({ from: 'team', to: 'crew', rewriteIncludes: true }))
    if (event.kind === 'progress' && event.done >= 200) break;
  await eventually(async () => (await client.library.folders({})).some(({ folder }) => folder === 'team'));
  expect((await client.prompts.list({ folder: 'crew' })).total).toBe(0);

  const { progress, moved } = await moveFolder(client, { from: 'team', to: 'crew', rewriteIncludes: true });
  expect(moved).toHaveLength(1_200);
  expect(progress.length).toBeGreaterThan(10);
  expect(progress.at(-1)).toBe('1200/1200');
  expect((await client.prompts.list({ folder: 'crew/deep' })).total).toBe(400);
});
