import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { hashText } from '../src-core/content/hash-content.ts';
import { openHost } from './host/host.ts';
import { clientOf, contentOf, openTestHost, temporaryFolder } from './testing/test-host.ts';

test.each([
  ['CR LF', 'One\r\ntwo\r\n'],
  ['a lone CR', 'One\rtwo\r'],
  ['all of them', 'One\r\ntwo\r'],
])('what differs from a version in %s alone is no change and no new version', async (_, text) => {
  const { client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'lines', content: contentOf('One\ntwo\n') });
  const { version } = await client.versions.save({ promptId: id });
  const { revision } = (await client.prompts.get({ id })).draft;
  await client.prompts.saveDraft({ id, revision, content: contentOf(text) });
  expect((await client.prompts.get({ id })).hasChanges).toBe(false);
  expect(await client.versions.save({ promptId: id })).toMatchObject({ created: false, version: { id: version.id } });
  const other = await client.prompts.create({ name: 'other', content: contentOf(text) });
  expect(other.draft).toMatchObject({ content: { messages: [{ content: 'One\ntwo\n' }] } });
  expect((await client.versions.save({ promptId: other.id })).version.hash).toBe(version.hash);
});

test('a version that was stored with CR LF before is the same as what the editor makes of it', async () => {
  const host = await openHost({ dataDir: await temporaryFolder(), withoutSamples: true });
  const client = clientOf(host);
  const { id } = await client.prompts.create({ name: 'lines', content: contentOf('One\ntwo') });
  const { version } = await client.versions.save({ promptId: id });
  await host.close();
  // As 0.1.0 left it.
  const sqlite = new SqliteDatabase(join(host.dataDir, 'promptdev.db'));
  const body = (sqlite.prepare('SELECT body FROM contents').pluck().get() as string).replace('\\n', '\\r\\n');
  sqlite.exec('DROP TRIGGER IF EXISTS versions_no_update');
  sqlite.prepare('INSERT INTO contents VALUES (?, ?)').run(hashText(body), body);
  sqlite.prepare('UPDATE versions SET content_hash = ?').run(hashText(body));
  sqlite.prepare('UPDATE draft_entries SET content = ?').run(body);
  sqlite.prepare('UPDATE drafts SET hash = ?').run(hashText(body));
  sqlite.close();
  const { client: later } = await openTestHost(host.dataDir);
  const { draft } = await later.prompts.get({ id });
  await later.prompts.saveDraft({ id, revision: draft.revision, content: contentOf('One\ntwo') });
  expect((await later.prompts.get({ id })).hasChanges).toBe(false);
  expect(await later.versions.save({ promptId: id })).toMatchObject({ created: false, version: { id: version.id } });
});

test('tags and labels are found whatever their case, in every script, and values may have spaces and quotes', async () => {
  const { client } = await openTestHost();
  const tags = ['Größe', 'ПРИВЕТ', 'Ελλάς', 'İstanbul', '名前', 'two words', 'say "hi"', 'ＦＵＬＬ', 'e\u0301te\u0301'];
  for (const [i, tag] of tags.entries()) {
    const { id } = await client.prompts.create({ name: `p${i}`, content: contentOf('x') });
    await client.prompts.update({ id, changes: { tags: [tag] } });
  }
  const found = async (search: string) => (await client.prompts.list({ search })).items.map(({ name }) => name);
  expect(await found('tag:GRÖSSE')).toEqual(['p0']);
  expect(await found('tag:größe')).toEqual(['p0']);
  expect(await found('tag:привет x')).toEqual(['p1']);
  expect(await found('tag:ΕΛΛΆΣ')).toEqual(['p2']);
  expect(await found('tag:istanbul')).toEqual(['p3']);
  expect(await found('tag:名前')).toEqual(['p4']);
  expect(await found('tag:"Two Words"')).toEqual(['p5']);
  expect(await found('tag:"say \\"HI\\""')).toEqual(['p6']);
  expect(await found('tag:full')).toEqual(['p7']);
  expect(await found('tag:été')).toEqual(['p8']);
  expect(await found('tag:ete')).toEqual([]);
  expect((await client.prompts.list({ tags: ['ПРИВЕТ'] })).total).toBe(1);
  expect((await client.prompts.list({ tags: ['привет'] })).total).toBe(1);
});

test('notes and authors of a history are found in every script', async () => {
  const { client } = await openTestHost();
  await client.settings.update({ author: 'Łukasz ÖZİL' });
  const { id } = await client.prompts.create({ name: 'greet', content: contentOf('x') });
  await client.versions.save({ promptId: id, note: 'ПРИВЕТ, Größe 東京' });
  const found = async (text: string) => (await client.versions.list({ promptId: id, text })).total;
  for (const text of ['привет', 'GRÖSSE', 'groesse'.slice(0, 2), '東京', 'lukasz', 'özil', 'OZIL', 'v1']) {
    expect(await found(text), text).toBe(1);
  }
  for (const text of ['_', '%', 'пока', 'v2']) expect(await found(text), text).toBe(0);
});

test('a copy is named by the prompt that it is a copy of, whatever is named like it', async () => {
  const { client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'a_b', content: contentOf('x') });
  await client.prompts.create({ name: 'axb-copy', content: contentOf('x') });
  expect((await client.prompts.duplicate({ id })).name).toBe('a_b-copy');
  expect((await client.prompts.duplicate({ id })).name).toBe('a_b-copy-2');
});

/** A value of lists in lists. */
function nested(levels: number): unknown {
  let value: unknown = 'x';
  for (let i = 0; i < levels; i += 1) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

test.each([300, 20_000, 200_000])(
  'what nests %i levels deep is refused with a sentence, wherever it stands',
  async (levels) => {
    const { client } = await openTestHost();
    const { id } = await client.prompts.create({ name: 'deep', content: contentOf('{{ x }}') });
    const deep = nested(levels) as never;
    const content = contentOf('{{ x }}');
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      'prompts.render': () => client.prompts.render({ content, inputs: { x: deep } }),
      'prompts.update': () => client.prompts.update({ id, changes: { metadata: { x: deep } } }),
      'prompts.create': () =>
        client.prompts.create({ name: 'b', content: { ...content, responseSchema: { x: deep } } }),
      'runs.start': () =>
        client.runs.start({ source: { kind: 'content', content }, model: 'starter', inputs: { x: deep } } as never),
    };
    for (const [operation, call] of Object.entries(calls)) {
      await expect(call(), operation).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(`The input of ${operation} nests more than 256 levels deep, in ".+"`),
      });
    }
    expect((await client.prompts.get({ id })).metadata).toEqual({});
  },
);

test('what nests as deep as a document may is taken', async () => {
  const { client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'deep', content: contentOf('{{ x }}') });
  const metadata = { x: nested(100) as never };
  await client.prompts.update({ id, changes: { metadata } });
  expect((await client.prompts.get({ id })).metadata).toEqual(metadata);
});
