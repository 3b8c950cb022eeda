import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Change } from '../src-core/contract/workspace.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import type { Host } from './host/host.ts';
import { clientOf, contentOf, eventually, finishedRun, openTestHost } from './testing/test-host.ts';

async function feedOf({ database }: Host) {
  const { rev } = await database.selectFrom('workspace').select('rev').executeTakeFirstOrThrow();
  const rows = await database.selectFrom('feed').select(['topic', 'id', 'kind', 'rev', 'origin']).execute();
  return { rev, rows, last: rows.filter((row) => row.rev === rev).map(({ topic, id, kind }) => [topic, id, kind]) };
}

test('every write stamps what it changed, in one commit, and nothing else', async () => {
  const { host, client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'a/b', content: contentOf('x'), tags: ['t'] });
  const created = await feedOf(host);
  expect(created.last.map(([topic]) => topic).sort()).toEqual(['projects', 'prompts']);
  expect(created.rows.every(({ origin }) => origin === 'test')).toBe(true);

  const { draft } = await client.prompts.get({ id });
  await client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf('y') });
  expect((await feedOf(host)).last).toEqual([['drafts', id, 'changed']]);
  const { version } = await client.versions.save({ promptId: id });
  expect((await feedOf(host)).last.map(([topic]) => topic).sort()).toEqual(['drafts', 'prompts', 'versions']);
  await client.labels.move({ promptId: id, name: 'staging', versionId: version.id });
  expect((await feedOf(host)).last).toEqual([['labels', id, 'changed']]);
  await client.library.renameProject({ from: 'default', to: 'other' });
  expect((await feedOf(host)).last.map(([topic]) => topic)).toEqual(['projects']);
  await client.prompts.setStatus({ ids: [id], status: 'trashed' });
  await client.prompts.purge({ ids: [id] });
  expect((await feedOf(host)).last).toEqual([['prompts', id, 'removed']]);

  // One row for each thing, however often it changed, and the counter moved once for each commit that changed something.
  const { rev, rows } = await feedOf(host);
  expect(new Set(rows.map(({ topic, id: of }) => `${topic} ${of}`)).size).toBe(rows.length);
  await client.prompts.list({});
  await client.settings.setState({ key: 'layout', value: 1 });
  expect((await feedOf(host)).rev).toBe(rev);
});

test('what is refused or changes nothing leaves no stamp', async () => {
  const { host, client } = await openTestHost();
  const { id, draft } = await client.prompts.create({ name: 'a', content: contentOf('x'), tags: ['t'] });
  const { rev } = await feedOf(host);
  await expect(client.prompts.create({ name: 'a', content: contentOf('y') })).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(
    client.prompts.saveDraft({ id, revision: draft.revision + 7, content: contentOf('y') }),
  ).rejects.toMatchObject({ code: 'conflict' });
  await client.library.tag({ ids: [id], add: ['t'] });
  await client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf('x') });
  expect((await feedOf(host)).rev).toBe(rev);
});

test('a window hears of what was committed while it followed, whole commits in their order, and of drafts how they stand', async () => {
  const { host, client } = await openTestHost();
  const { id, draft } = await client.prompts.create({ name: 'a', content: contentOf('x') });
  const quiet = new AbortController();
  const heard: Change[] = [];
  const listening = (async () => {
    const changes = await clientOf(host, 'window').workspace.changes(undefined, { signal: quiet.signal });
    for await (const change of changes) heard.push(change);
  })().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf('y') });
  await eventually(async () => heard.length > 0);
  await client.versions.save({ promptId: id });
  await eventually(async () => heard.some(({ topic }) => topic === 'versions'));
  quiet.abort();
  await listening;
  expect(heard[0]).toMatchObject({
    topic: 'drafts',
    ids: [id],
    origin: 'test',
    drafts: [{ promptId: id, revision: draft.revision + 1, hasChanges: true }],
  });
  expect(heard.filter(({ topic }) => topic === 'drafts').at(-1)?.drafts).toMatchObject([{ hasChanges: false }]);
});

test('one event of many things names none of them', async () => {
  const { host, client } = await openTestHost();
  const ids: string[] = [];
  for (let i = 0; i < 210; i++) ids.push((await client.prompts.create({ name: `p${i}` })).id);
  const quiet = new AbortController();
  const heard: Change[] = [];
  const listening = (async () => {
    const changes = await clientOf(host, 'window').workspace.changes(undefined, { signal: quiet.signal });
    for await (const change of changes) heard.push(change);
  })().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await client.library.tag({ ids, add: ['x'] });
  await eventually(async () => heard.length > 0);
  quiet.abort();
  await listening;
  expect(heard).toEqual([{ topic: 'prompts', ids: [], kind: 'changed', origin: 'test' }]);
});

test('who moved a label, purged, changed a shared setting or an endpoint stands in the audit, and stays there', async () => {
  const { host, client } = await openTestHost();
  const { id } = await client.prompts.create({ name: 'secret-name', content: contentOf('x') });
  const { version } = await client.versions.save({ promptId: id });
  await client.labels.move({ promptId: id, name: 'staging', versionId: version.id, reason: 'secret reason' });
  await client.labels.protect({ name: 'staging', protected: true });
  await client.models.addEndpoint({ name: 'lab', baseUrl: 'http://127.0.0.1:9/v1', key: 'canary-key' });
  await client.prompts.setStatus({ ids: [id], status: 'trashed' });
  await client.prompts.purge({ ids: [id] });
  const entries = await host.database.selectFrom('audit').selectAll().orderBy('id').execute();
  expect(entries.map(({ action, actor_kind }) => [action, actor_kind])).toEqual([
    ['label.move', 'person'],
    ['setting.change', 'person'],
    ['endpoint.add', 'person'],
    ['key.set', 'person'],
    ['prompt.purge', 'person'],
  ]);
  // What was deleted for good is not kept here, and no key ever is.
  expect(JSON.stringify(entries)).not.toMatch(/secret|canary/);
  await expect(sql`DELETE FROM audit`.execute(host.database)).rejects.toThrow(/append-only/);
  await expect(sql`UPDATE audit SET action = ''`.execute(host.database)).rejects.toThrow(/append-only/);
});

test('cells of a comparison, the index of outputs and leases are no changes; the comparison is', async () => {
  const endpoint = await startScriptedEndpoint();
  const { host, client } = await openTestHost();
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const run = await client.runs.start({ content: contentOf('hi'), model: 'lab/echo' });
  await finishedRun(client, run.id);
  const { id } = await client.comparisons.start({
    prompts: [{ content: contentOf('hi') }],
    models: ['lab/echo'],
    rows: Array.from({ length: 20 }, () => ({})),
  });
  await eventually(async () => (await client.comparisons.get({ id })).status === 'finished');
  await endpoint.close();
  const { rows } = await feedOf(host);
  expect(rows.filter(({ topic }) => topic === 'comparisons').map((row) => row.id)).toEqual([id]);
  expect(rows.filter(({ topic }) => topic === 'runs').map((row) => row.id)).toEqual([run.id]);
});
