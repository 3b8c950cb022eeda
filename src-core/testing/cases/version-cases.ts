import { expect } from 'vitest';
import type { NumberedVersion } from '../../content/version-name.ts';
import { newId } from '../../scope/ids.ts';
import type { Side } from '../world.ts';
import { failureOf } from '../world.ts';
import type { ServiceCase } from './case.ts';

/** A prompt with as many versions as texts. */
async function withVersions(side: Side, name: string, texts: readonly string[]) {
  const { client, content } = side;
  const { id } = await client.prompts.create({ name, content: content(texts[0]!) });
  const versions = [(await client.versions.save({ promptId: id, note: texts[0]! })).version];
  for (const text of texts.slice(1)) versions.push(await saveNext(side, id, text));
  return { id, versions };
}

async function saveNext({ client, content }: Side, id: string, text: string) {
  const { draft } = await client.prompts.get({ id });
  await client.prompts.saveDraft({ id, revision: draft.revision, content: content(text) });
  return (await client.versions.save({ promptId: id, note: text })).version;
}

export const versionCases: readonly ServiceCase[] = [
  {
    name: 'versions are numbered, listed, found by every kind of name, compared and blamed',
    async run(side) {
      const { client, content, mark } = side;
      const { id, versions } = await withVersions(side, 'greet', ['one', 'two', 'three']);
      expect(versions.map(({ number }) => number)).toEqual([1, 2, 3]);
      expect(versions.map(({ parents }) => parents)).toEqual([[], [versions[0]!.id], [versions[1]!.id]]);
      expect(await client.versions.save({ promptId: id })).toMatchObject({ created: false, version: { number: 3 } });
      await client.labels.move({ promptId: id, name: 'production', versionId: versions[1]!.id, confirm: true });
      const numbers = async (filter: object) =>
        (await client.versions.list({ promptId: id, ...filter })).items.map(({ number }) => number);
      expect(await numbers({})).toEqual([3, 2, 1]);
      expect(await numbers({ text: 'TWO' })).toEqual([2]);
      expect(await numbers({ text: 'v1' })).toEqual([1]);
      expect(await numbers({ label: 'production' })).toEqual([2]);
      const [author] = await client.versions.authors({ promptId: id });
      expect(await numbers({ author: author! })).toEqual([3, 2, 1]);
      for (const [ref, number] of [
        ['greet', 3],
        ['greet@1', 1],
        ['greet@production', 2],
        ['default/greet@2', 2],
        [`greet@${versions[0]!.hash.slice(0, 9)}`, 1],
      ] as const)
        expect((await client.versions.find({ ref })).number, ref).toBe(number);
      const { content: stored } = await client.versions.get({ id: versions[0]!.id });
      expect(stored).toEqual(content('one'));
      const { items, total } = await client.versions.log({ limit: 2 });
      expect([items.map(({ number }) => number), total]).toEqual([[3, 2], 3]);
      const [first, last] = [versions[0]!.id, versions[2]!.id];
      const diff = await client.versions.diff({
        before: { kind: 'version', versionId: first },
        after: { kind: 'version', versionId: last },
      });
      expect(JSON.stringify(diff)).toContain(mark);
      const [blamed] = await client.versions.blame({ id: last });
      expect(blamed?.lines.map(({ versionNumber }) => versionNumber)).toEqual([3]);
    },
  },
  {
    name: 'a page ends between two versions with one number, and neither is lost',
    async run(side) {
      const { client } = side;
      const { id } = await withVersions(side, 'numbered', ['one']);
      await side.write(async ({ db }) => void (await db.updateTable('workspace').set({ home: 'elsewhere' }).execute()));
      for (const text of ['two', 'three']) await saveNext(side, id, text);
      // Their home gave the numbers that these are to have to others meanwhile.
      await side.write(async ({ db }) => {
        const rows = await db.selectFrom('versions').selectAll().where('prompt_id', '=', id).execute();
        const others = rows.filter((row) => row.confirmed === 0);
        for (const row of others)
          await db
            .insertInto('versions')
            .values({ ...row, id: newId(), confirmed: 1 })
            .execute();
      });
      const expected = ['3 not synced', '3', '2 not synced', '2', '1'];
      const shown = ({ number, confirmed }: NumberedVersion) => (confirmed ? `${number}` : `${number} not synced`);
      for (const limit of [1, 2, 3, 4]) {
        const seen: string[] = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page = await client.versions.list({ promptId: id, limit, cursor });
          seen.push(...page.items.map(shown));
          cursor = page.nextCursor;
        }
        expect(seen).toEqual(expected);
      }
      expect(shown(await client.versions.find({ ref: 'numbered' }))).toBe('3 not synced');
    },
  },
  {
    name: 'a version is restored, branched from and merged',
    async run(side) {
      const { client } = side;
      const { id, versions } = await withVersions(side, 'merge', ['A\nb\nc', 'A\nb\nC']);
      const restored = await client.versions.restore({ id: versions[0]!.id, mode: 'editFrom' });
      const ours = side.content('a\nb\nc');
      await client.prompts.saveDraft({ id, revision: restored.revision, content: ours });
      await client.versions.save({ promptId: id });
      const preview = await client.versions.previewMerge({ promptId: id, theirs: versions[1]!.id });
      expect(preview).toMatchObject({ base: { number: 1 }, theirs: { number: 2 }, fastForward: false });
      const { revision } = preview;
      const stale = client.versions.applyMerge({ promptId: id, theirs: versions[1]!.id, revision: revision - 1 });
      expect((await failureOf(stale)).code).toBe('conflict');
      const merged = await client.versions.applyMerge({ promptId: id, theirs: versions[1]!.id, revision });
      expect(merged.content).toEqual(side.content('a\nb\nC'));
      const { version } = await client.versions.save({ promptId: id });
      expect(version).toMatchObject({ number: 4, parents: [expect.any(String), versions[1]!.id] });
    },
  },
  {
    name: 'labels move, are kept from moving by accident, go back, and remember everything',
    async run(side) {
      const { client, mark } = side;
      const { id, versions } = await withVersions(side, 'labelled', ['one', 'two']);
      const [one, two] = versions.map((version) => version.id) as [string, string];
      const label = { promptId: id, name: 'staging', reason: `because of ${mark}` };
      await client.labels.move({ ...label, versionId: one });
      await client.labels.move({ ...label, versionId: two });
      expect(await client.labels.list({ promptId: id })).toMatchObject([
        { name: 'latest', version: { number: 2 } },
        { name: 'staging', version: { number: 2 } },
      ]);
      expect(await client.labels.rollback(label)).toMatchObject({ version: { number: 1 } });
      await client.labels.protect({ name: 'staging', protected: true });
      expect((await failureOf(client.labels.move({ ...label, versionId: two }))).code).toBe('denied');
      expect(await client.labels.preview({ promptId: id, name: 'staging', versionId: two })).toMatchObject({
        protected: true,
        from: { number: 1 },
        to: { number: 2 },
      });
      await client.labels.remove({ ...label, confirm: true });
      const { items, total } = await client.labels.history({ promptId: id, name: 'staging' });
      expect([items.map(({ kind }) => kind), total]).toEqual([['remove', 'rollback', 'move', 'move'], 4]);
      expect(items.every(({ reason }) => reason.includes(mark))).toBe(true);
      expect(await client.labels.names()).toContainEqual({ name: 'staging', prompts: 0, protected: true });
    },
  },
];
