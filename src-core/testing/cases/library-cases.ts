import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../blobs/base64.ts';
import { contentSchema } from '../../contract/content.ts';
import type { Side } from '../world.ts';
import { failureOf } from '../world.ts';
import type { ServiceCase } from './case.ts';

async function create({ client, content }: Side, name: string, template = 'Be kind', project = 'default') {
  return client.prompts.create({ name, project, content: content(template) });
}

export const libraryCases: readonly ServiceCase[] = [
  {
    name: 'prompts are made, changed, copied, found, counted and paged, and a name is taken in one project alone',
    async run(side) {
      const { client, mark } = side;
      const names = ['support/a', 'support/b', 'support/deep/c', 'a_b', 'ab', 'a-b', 'a.c'];
      for (const name of names) await create(side, name);
      await create(side, 'support/a', 'Elsewhere', 'other');
      expect((await failureOf(create(side, 'support/a'))).code).toBe('conflict');
      for (const order of ['name', 'updated'] as const) {
        const seen: string[] = [];
        for (let cursor: string | undefined; ; ) {
          const page = await client.prompts.list({ order, limit: 3, cursor });
          expect(page.total).toBe(8);
          seen.push(...page.items.map(({ project, name }) => `${project}/${name}`));
          if (page.nextCursor === null) break;
          cursor = page.nextCursor;
        }
        const all = [...names.map((name) => `default/${name}`), 'other/support/a'];
        expect([...seen].sort()).toEqual([...all].sort());
        // In the order of bytes, whatever the order of the database is.
        if (order === 'name')
          expect(seen.map((name) => name.slice(name.indexOf('/') + 1))).toEqual([...names, 'support/a'].sort());
      }
      const { id } = await client.prompts.find({ name: 'other/support/a' });
      await client.prompts.update({
        id,
        changes: { title: `Title ${mark}`, tags: [mark, 'Größe'], metadata: { a: 1 } },
      });
      expect(await client.prompts.get({ id })).toMatchObject({
        title: `Title ${mark}`,
        tags: [mark, 'Größe'],
        metadata: { a: 1 },
      });
      const counted = await client.prompts.tags();
      expect(new Map(counted.map(({ tag, count }) => [tag, count]))).toEqual(
        new Map([
          ['Größe', 1],
          [mark, 1],
        ]),
      );
      expect((await client.prompts.list({ tags: ['GRÖSSE'] })).items.map((prompt) => prompt.id)).toEqual([id]);
      const copy = await client.prompts.duplicate({ id });
      expect(copy).toMatchObject({ project: 'other', title: expect.stringContaining(`Title ${mark}`) });
      expect((await client.library.tag({ ids: [id, copy.id], add: ['x'], remove: [mark] })).changed).toHaveLength(2);
      expect((await client.prompts.list({ folder: 'support/', project: 'default' })).total).toBe(3);
      expect((await client.prompts.list({ folder: 'support/', direct: true, project: 'default' })).total).toBe(2);
    },
  },
  {
    name: 'summaries are the rows of a list, for those of the ids that there are',
    async run(side) {
      const { client, mark } = side;
      const first = await create(side, 'row/a');
      const second = await create(side, 'row/b');
      await client.versions.save({ promptId: first.id });
      await client.library.tag({ ids: [second.id], add: [mark] });
      const { items } = await client.prompts.list({ folder: 'row/', order: 'name' });
      const rows = await client.prompts.summaries({ ids: [second.id, first.id, crypto.randomUUID()] });
      expect(rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(items);
      expect(items).toMatchObject([
        { latestVersion: 1, latestConfirmed: true },
        { latestVersion: null, tags: [mark] },
      ]);
    },
  },
  {
    name: 'what is thrown away comes back or goes for good, and leaves nothing that could be found',
    async run(side) {
      const { client, mark } = side;
      const { id } = await create(side, 'gone', 'Unforgettable');
      await client.versions.save({ promptId: id });
      expect((await failureOf(client.prompts.purge({ ids: [id] }))).code).toBe('invalid');
      await client.prompts.setStatus({ ids: [id], status: 'trashed' });
      expect((await client.prompts.list({})).total).toBe(0);
      expect((await client.prompts.list({ status: 'trashed' })).total).toBe(1);
      await client.prompts.setStatus({ ids: [id], status: 'active' });
      expect((await client.library.search({ query: 'unforgettable' })).total).toBeGreaterThan(0);
      await client.prompts.setStatus({ ids: [id], status: 'trashed' });
      await client.prompts.purge({ ids: [id] });
      expect((await failureOf(client.prompts.get({ id }))).code).toBe('not_found');
      expect((await client.library.search({ query: `unforgettable ${mark}` })).items).toEqual([]);
      expect((await client.versions.log({})).total).toBe(0);
      // Its name is free again.
      await create(side, 'gone');
    },
  },
  {
    name: 'a draft keeps every step, and a save that rests on an older one is a conflict',
    async run(side) {
      const { client, content } = side;
      const { id, draft } = await create(side, 'draft', 'one');
      const two = await client.prompts.saveDraft({
        id,
        revision: draft.revision,
        content: content('two'),
        ownStep: true,
      });
      const late = client.prompts.saveDraft({ id, revision: draft.revision, content: content('late') });
      expect((await failureOf(late)).code).toBe('conflict');
      await client.prompts.saveDraft({ id, revision: two.revision, content: content('three'), ownStep: true });
      expect((await client.prompts.undoDraft({ id })).content).toEqual(content('two'));
      expect((await client.prompts.redoDraft({ id })).content).toEqual(content('three'));
      const steps = await client.prompts.draftSteps({ id });
      expect(steps.total).toBe(3);
      const oldest = steps.items.at(-1)!.step;
      expect((await client.prompts.draftStep({ id, step: oldest })).content).toEqual(content('one'));
      expect((await client.prompts.goToStep({ id, step: oldest })).content).toEqual(content('one'));
      await client.versions.save({ promptId: id });
      const { draft: saved } = await client.prompts.get({ id });
      await client.prompts.saveDraft({
        id,
        revision: saved.revision,
        content: content('four'),
        typed: { responseSchema: '{' },
      });
      const discarded = await client.prompts.discardDraft({ id });
      expect(discarded).toMatchObject({ content: content('one'), typed: {} });
    },
  },
  {
    name: 'projects and folders are listed, renamed, filled, moved and removed',
    async run(side) {
      const { client } = side;
      await client.library.createProject({ name: 'team' });
      expect((await failureOf(client.library.createProject({ name: 'team' }))).code).toBe('conflict');
      const made = [await create(side, 'mail/a'), await create(side, 'mail/deep/b'), await create(side, 'other/c')];
      await client.library.moveToProject({ ids: [made[2]!.id], project: 'team' });
      expect((await failureOf(client.library.removeProject({ name: 'team' }))).code).toBe('conflict');
      await client.library.renameProject({ from: 'team', to: 'crew' });
      expect(await client.library.projects()).toEqual([
        { name: 'crew', prompts: 1 },
        { name: 'default', prompts: 2 },
      ]);
      const folders = () => client.library.folders({ project: 'default' });
      expect(await folders()).toEqual([
        { folder: '', prompts: 2, direct: 0 },
        { folder: 'mail', prompts: 2, direct: 1 },
        { folder: 'mail/deep', prompts: 1, direct: 1 },
      ]);
      for await (const event of await client.library.moveFolder({ from: 'mail', to: 'post', rewriteIncludes: false }))
        if (event.kind === 'done') expect(event.moved).toHaveLength(2);
      expect((await folders()).map(({ folder }) => folder)).toEqual(['', 'post', 'post/deep']);
      await client.library.moveToProject({ ids: [made[2]!.id], project: 'default' });
      await client.library.removeProject({ name: 'crew' });
      for (const project of ['team', 'crew'])
        expect((await client.prompts.find({ name: `${project}/${made[2]!.name}` })).id).toBe(made[2]!.id);
      expect(await client.library.projects()).toEqual([{ name: 'default', prompts: 3 }]);
    },
  },
  {
    name: 'prompts include each other, and a rename is followed where that is asked for',
    async run(side) {
      const { client, mark } = side;
      const tone = await create(side, 'tone', 'Be kind');
      const user = await create(side, 'mail/user', '{% include "tone" %} Answer.');
      expect(await client.library.whereUsed({ id: tone.id })).toMatchObject([{ promptId: user.id, as: ['tone'] }]);
      const { messages, problems } = await client.prompts.render({ id: user.id, inputs: {} });
      expect(problems).toEqual([]);
      expect(messages?.[0]?.content).toBe(`Be kind (${mark}) Answer. (${mark})`);
      expect(await client.prompts.includes({ names: ['tone', 'nothing'] })).toMatchObject({
        tone: { source: `Be kind (${mark})` },
        nothing: null,
      });
      const { rewritten } = await client.library.rename({ id: tone.id, name: 'voice/tone', rewriteIncludes: true });
      expect(rewritten.map(({ promptId }) => promptId)).toEqual([user.id]);
      expect(await client.library.folderUsedBy({ folder: 'voice' })).toMatchObject([{ promptId: user.id }]);
      expect((await client.prompts.render({ id: user.id, inputs: {} })).problems).toEqual([]);
      // Its old name still leads there.
      expect((await client.prompts.includes({ names: ['tone'] })).tone).not.toBeNull();
    },
  },
  {
    name: 'words, phrases and filters find prompts, old versions and nothing else',
    async run(side) {
      const { client, content, mark } = side;
      const { id } = await create(side, 'refund', 'Pay the invoice back to the café in 東京都');
      await client.versions.save({ promptId: id, note: 'first words' });
      const { draft } = await client.prompts.get({ id });
      await client.prompts.saveDraft({ id, revision: draft.revision, content: content('Something else entirely') });
      await client.versions.save({ promptId: id });
      await create(side, 'greeting', 'Say the invoice is paid');
      await client.prompts.update({ id, changes: { tags: ['money'] } });
      const find = async (query: string) =>
        (await client.library.search({ query })).items.map(({ kind, name }) => `${kind} ${name}`);
      expect(await find('entire')).toEqual(['prompt refund']);
      expect(await find('"invoice back"')).toEqual(['version refund']);
      expect(await find('"back invoice"')).toEqual([]);
      expect(await find('CAFE')).toEqual(['version refund']);
      expect(await find('京都')).toEqual(['version refund']);
      expect(await find('"first words"')).toEqual(['version refund']);
      expect(await find('refund tag:money')).toContain('prompt refund');
      expect(await find('refund tag:other')).toEqual([]);
      expect(await find(`${mark} invoice`)).toContain(side.isShared ? 'version refund' : 'prompt greeting');
      const { items, total } = await client.prompts.list({ search: 'invoice', limit: 1 });
      expect(total).toBe(side.isShared ? 1 : 2);
      expect(items[0]?.snippet).toContain('<mark>invoice</mark>');
    },
  },
  {
    name: 'bytes are kept once, as what they are, and are there for those who have their hash in this tenant',
    async run(side, other) {
      const { client } = side;
      const own = await client.blobs.add({ data: png(side.mark) });
      expect(await client.blobs.add({ data: png(side.mark) })).toEqual(own);
      expect(await client.blobs.get({ hash: own.hash })).toEqual({
        ...own,
        mediaType: 'image/png',
        data: png(side.mark),
      });
      // The same bytes in both tenants are each one’s own.
      const shared = await client.blobs.add({ data: png('the same') });
      expect((await client.blobs.get({ hash: shared.hash })).data).toBe(png('the same'));
      const content = contentSchema.parse({
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: side.mark },
              { type: 'image', hash: own.hash },
            ],
          },
          { placeholder: 'history', optional: true },
        ],
        inputs: [{ name: 'history', type: 'messages' }],
      });
      const { id } = await client.prompts.create({ name: 'seen', content });
      const { version } = await client.versions.save({ promptId: id });
      expect((await client.versions.get({ id: version.id })).content).toEqual(content);
      const theirs = hashOf(png(other.mark));
      expect((await failureOf(client.blobs.get({ hash: theirs }))).code).toBe('not_found');
      expect(await client.blobs.describe({ hashes: [theirs, own.hash] })).toEqual([own]);
    },
  },
];

/** The beginning of a PNG, which is all that is looked at, and a word. */
function png(word: string): string {
  return encodeBase64(Uint8Array.from(`\x89PNG\r\n\x1a\n${word}\0\xff`, (character) => character.charCodeAt(0)));
}

const hashOf = (base64: string): string => bytesToHex(sha256(decodeBase64(base64)!));
