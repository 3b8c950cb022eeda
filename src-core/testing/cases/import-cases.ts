import { utf8ToBytes } from '@noble/hashes/utils.js';
import { expect } from 'vitest';
import { encodeBase64 } from '../../blobs/base64.ts';
import { failureOf, type Side } from '../world.ts';
import type { ServiceCase } from './case.ts';

/** A file of GitHub Models with one message. */
function fileOf(path: string, name: string, text: string) {
  const yaml = `name: ${name}\nmodel: openai/gpt-4o\nmodelParameters: { temperature: 0.2 }\nmessages:\n  - role: user\n    content: ${JSON.stringify(text)}\n`;
  return { path, data: encodeBase64(utf8ToBytes(yaml)) };
}

async function planned({ client }: Side, files: readonly ReturnType<typeof fileOf>[]) {
  const { items } = await client.packs.plan({ files: [...files], project: 'imported' });
  return items.map(({ name, state, action }) => `${name}: ${state}, ${action}`);
}

export const importCases: readonly ServiceCase[] = [
  {
    name: 'files of another tool are planned, imported in one go, known again, changed, and taken back',
    async run(side) {
      const { client, mark } = side;
      expect((await client.packs.formats()).map(({ id }) => id)).toContain('github-models');
      const files = [
        fileOf('a.prompt.yml', 'Shelf finder', `Where is {{book-title}}? (${mark})`),
        fileOf('b.prompt.yml', 'Greeter', `Hello {{name}} (${mark})`),
      ];
      expect(await planned(side, files)).toEqual(['shelf-finder: new, create', 'greeter: new, create']);
      expect((await client.prompts.list({})).total).toBe(0);

      const imported = await client.packs.import({ files, project: 'imported' });
      expect(imported.items.map(({ name, action }) => [name, action])).toEqual([
        ['shelf-finder', 'create'],
        ['greeter', 'create'],
      ]);
      const shelf = await client.prompts.find({ name: 'imported/shelf-finder' });
      expect(shelf).toMatchObject({ title: 'Shelf finder', source: 'file', latestVersion: 1, hasChanges: false });
      expect(shelf.draft.content).toMatchObject({
        messages: [{ role: 'user', content: `Where is {{ book_title }}? (${mark})` }],
        settings: { model: 'openai/gpt-4o', temperature: 0.2 },
      });
      const { files: exported } = await client.packs.export({ ids: [shelf.id], format: 'promptdev' });
      expect(exported).toMatchObject([{ text: expect.stringContaining('Where is {{ book_title }}?') }]);
      const failure = await failureOf(client.packs.export({ ids: [shelf.id], format: 'github-models' }));
      expect(failure.message).toContain('is read here and not written');
      // The same again changes nothing, and is no import.
      expect(await planned(side, files)).toEqual(['shelf-finder: identical, skip', 'greeter: identical, skip']);
      expect((await client.packs.import({ files, project: 'imported' })).id).toBeNull();

      // What nobody touched since takes the new text as a version; what somebody did conflicts.
      const greeter = await client.prompts.find({ name: 'imported/greeter' });
      await client.prompts.saveDraft({
        id: greeter.id,
        revision: greeter.draft.revision,
        content: side.content('My own greeting'),
      });
      const changed = [
        fileOf('a.prompt.yml', 'Shelf finder', `Where was {{book-title}}? (${mark})`),
        fileOf('b.prompt.yml', 'Greeter', `Good day {{name}} (${mark})`),
      ];
      expect(await planned(side, changed)).toEqual([
        'shelf-finder: changed, new-version',
        'greeter: conflicting, keep-both',
      ]);
      const again = await client.packs.import({
        files: changed,
        project: 'imported',
        actions: { 'b.prompt.yml#0': 'replace-draft' },
      });
      expect((await client.prompts.get({ id: shelf.id })).latestVersion).toBe(2);
      const replaced = await client.prompts.get({ id: greeter.id });
      expect(replaced).toMatchObject({ latestVersion: 1, hasChanges: true });
      expect(replaced.draft.content.messages).toMatchObject([{ content: `Good day {{ name }} (${mark})` }]);

      // Taken back: the draft is what it was, and the version before is the newest again.
      expect(await client.packs.undo({ id: again.id! })).toEqual({ undone: 2, kept: [] });
      const restored = await client.prompts.get({ id: greeter.id });
      expect(restored.draft.content.messages).toMatchObject([{ content: `My own greeting (${mark})` }]);
      expect((await client.prompts.get({ id: shelf.id })).draft.content.messages).toMatchObject([
        { content: `Where is {{ book_title }}? (${mark})` },
      ]);
      expect((await failureOf(client.packs.undo({ id: again.id! }))).code).toBe('conflict');

      // The first import: one prompt goes to the trash, and the one that somebody changed since stays.
      const undone = await client.packs.undo({ id: imported.id! });
      expect(undone.kept.map(({ name }) => name)).toEqual(['shelf-finder', 'greeter']);
      const imports = await client.packs.imports({});
      expect(imports.items.map(({ source, prompts, undoneAt }) => [source, prompts, undoneAt !== null])).toEqual([
        ['a.prompt.yml and 1 more', 2, true],
        ['a.prompt.yml and 1 more', 2, true],
      ]);
    },
  },
  {
    name: 'an import is all or nothing, and what it made new goes to the trash when it is taken back',
    async run(side) {
      const { client, mark } = side;
      const files = [
        fileOf('a.prompt.yml', 'First', `First (${mark})`),
        { path: 'b.prompt.yml', data: encodeBase64(utf8ToBytes('messages: []\n')) },
        { path: 'c.csv', data: encodeBase64(new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0, 0])) },
      ];
      const plan = await client.packs.plan({ files });
      expect(plan.files.map(({ path, refusal }) => [path, refusal === null])).toEqual([
        ['a.prompt.yml', true],
        ['b.prompt.yml', false],
        ['c.csv', false],
      ]);
      const failure = await failureOf(client.packs.import({ files, actions: { 'a.prompt.yml#0': 'new-version' } }));
      expect(failure.message).toContain('"first" is new now');
      expect((await client.prompts.list({})).total).toBe(0);
      const { id, items } = await client.packs.import({ files });
      expect(await client.packs.undo({ id: id! })).toEqual({ undone: 1, kept: [] });
      expect((await client.prompts.list({})).total).toBe(0);
      expect((await client.prompts.list({ status: 'trashed' })).items.map((prompt) => prompt.id)).toEqual([
        items[0]!.promptId,
      ]);
      // Imported once more, it comes back out of the trash, with what is new in it.
      const again = [fileOf('a.prompt.yml', 'First', `First, and more (${mark})`)];
      const back = await client.packs.import({ files: again });
      expect(back.items).toMatchObject([{ action: 'new-version', promptId: items[0]!.promptId }]);
      expect((await client.prompts.list({})).items).toMatchObject([{ name: 'first', latestVersion: 2 }]);
      await client.packs.undo({ id: back.id! });
      expect((await client.prompts.list({})).total).toBe(0);
    },
  },
];
