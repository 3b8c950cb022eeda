import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import type { Host } from './host/host.ts';
import { contentOf, openTestHost } from './testing/test-host.ts';

/** What another program, another version or a fault may leave in any column. */
const oddities: readonly unknown[] = [
  null,
  -1,
  10.5,
  'Not A Name!',
  '{"a":',
  '[null,1,"a",{}]',
  'x'.repeat(12_000),
  Buffer.from([0xff, 0xfe, 0]),
];

/** Tables of the workspace with the row that is damaged in each; the rows beside it must stay readable. */
const damaged = {
  prompts: "name = 'a/odd'",
  versions: "note = 'odd'",
  drafts: "prompt_id = (SELECT id FROM prompts WHERE name = 'a/odd')",
  draft_entries: "prompt_id = (SELECT id FROM prompts WHERE name = 'a/odd')",
  labels: "prompt_id = (SELECT id FROM prompts WHERE name = 'a/odd')",
  label_moves: "prompt_id = (SELECT id FROM prompts WHERE name = 'a/odd')",
  projects: "name = 'odd'",
  endpoints: "name = 'odd'",
  remote_models: "model = 'odd'",
  prompt_tags: "prompt_id = (SELECT id FROM prompts WHERE name = 'a/odd')",
  settings: "key = 'protectedLabels'",
  person_settings: "key = 'author'",
} as const;

/** The same of the device. */
const damagedOnDevice = {
  local_models: "id = 'starter-q8'",
  device_settings: "key = 'theme'",
  window_state: "key = 'odd'",
} as const;

async function furnish({ host, client }: { readonly host: Host; readonly client: Client }) {
  const ids: string[] = [];
  for (const name of ['a/whole', 'a/odd']) {
    const prompt = await client.prompts.create({ name, content: contentOf(`Hello ${name}`), tags: ['t'] });
    const { version } = await client.versions.save({ promptId: prompt.id, note: name.slice(2) });
    await client.labels.move({ promptId: prompt.id, name: 'staging', versionId: version.id });
    ids.push(prompt.id);
  }
  await client.library.createProject({ name: 'odd' });
  for (const name of ['whole', 'odd']) {
    await client.models.addEndpoint({ name, baseUrl: 'http://127.0.0.1:9/v1' });
    await client.models.addRemote({ endpoint: name, model: name });
  }
  await client.settings.update({ author: 'Ada', defaultConcurrency: 4, theme: 'dark', protectedLabels: ['x'] });
  await client.settings.setState({ key: 'odd', value: { a: 1 } });
  await sql`PRAGMA foreign_keys = OFF`.execute(host.database);
  for (const trigger of ['versions_no_update', 'label_moves_no_update'])
    await sql`DROP TRIGGER ${sql.ref(trigger)}`.execute(host.database);
  return { whole: ids[0]!, odd: ids[1]! };
}

/** Every list and the whole prompt, as a window reads them. */
async function readLists(client: Client, whole: string): Promise<readonly string[]> {
  const { items } = await client.prompts.list({});
  const found = await client.prompts.list({ search: 'hello', tags: [], order: 'name' });
  const tagged = await client.prompts.list({ tags: ['t'] });
  await client.prompts.tags();
  const prompt = await client.prompts.get({ id: whole });
  await client.prompts.draftSteps({ id: whole });
  const versions = await client.versions.list({ promptId: whole });
  const log = await client.versions.log({});
  const labels = await client.labels.list({ promptId: whole });
  await client.labels.names();
  await client.labels.history({ promptId: whole });
  await client.library.projects();
  await client.library.folders({});
  const hits = await client.library.search({ query: 'whole' });
  await client.library.whereUsed({ id: whole });
  const models = await client.models.list();
  const endpoints = await client.models.listEndpoints();
  expect((await client.settings.get()).defaultConcurrency).toBe(4);
  await client.settings.getState({ key: 'odd' });
  const isThere = {
    prompt: items.some(({ id }) => id === whole),
    found: found.items.some(({ id }) => id === whole),
    tagged: tagged.items.some(({ id }) => id === whole),
    draft: prompt.draft.content.messages.length === 1,
    version: versions.items.length === 1,
    log: log.items.some(({ promptId }) => promptId === whole),
    label: labels.some(({ name }) => name === 'staging'),
    hit: hits.items.some(({ promptId }) => promptId === whole),
    model: models.some(({ id }) => id === 'whole/whole') && models.some(({ id }) => id === 'starter'),
    endpoint: endpoints.some(({ name }) => name === 'whole'),
  };
  return Object.entries(isThere).flatMap(([what, there]) => (there ? [] : [what]));
}

/** What a person does with the damaged prompt itself ends in a sentence, never in `internal`. */
async function openOdd(client: Client, odd: string): Promise<readonly string[]> {
  const calls = {
    get: () => client.prompts.get({ id: odd }),
    steps: () => client.prompts.draftSteps({ id: odd }),
    versions: () => client.versions.list({ promptId: odd }),
    labels: () => client.labels.list({ promptId: odd }),
    history: () => client.labels.history({ promptId: odd }),
    render: () => client.prompts.render({ id: odd, inputs: {} }),
    whereUsed: () => client.library.whereUsed({ id: odd }),
  };
  const broken: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    const code = await call().then(
      () => null,
      (error: { readonly code?: string }) => error.code ?? 'none',
    );
    if (code === 'internal' || code === 'none') broken.push(name);
  }
  return broken;
}

test('whatever stands in one column of a row, its page is shown with all the other rows', {
  timeout: 180_000,
}, async () => {
  const opened = await openTestHost();
  const { host, client } = opened;
  const { whole, odd } = await furnish(opened);
  expect(await readLists(client, whole)).toEqual([]);
  const faults: string[] = [];
  const tables = [
    ...Object.entries(damaged).map(([table, where]) => [host.database, table, where] as const),
    ...Object.entries(damagedOnDevice).map(([table, where]) => [host.ports.device, table, where] as const),
  ];
  for (const [database, table, where] of tables) {
    const condition = sql.raw(where);
    const columns = await sql<{ name: string }>`SELECT name FROM pragma_table_info(${table})`.execute(database);
    const row = await sql<
      Record<string, unknown>
    >`SELECT rowid AS row_id, * FROM ${sql.table(table)} WHERE ${condition}`
      .execute(database)
      .then(({ rows }) => rows[0]!);
    for (const { name } of columns.rows) {
      for (const value of oddities) {
        const change = sql`UPDATE ${sql.table(table)} SET ${sql.ref(name)} = ${value} WHERE rowid = ${row.row_id}`;
        // NOT NULL, UNIQUE and integer keys refuse some of them.
        if (!(await change.execute(database).then(Boolean, () => false))) continue;
        const at = `${table}.${name} = ${JSON.stringify(value)?.slice(0, 40)}`;
        const missing = await readLists(client, whole).catch((error: Error) => [error.message]);
        const broken = await openOdd(client, odd);
        if (missing.length + broken.length > 0) faults.push(`${at}: ${[...missing, ...broken].join(', ')}`);
        await sql`UPDATE ${sql.table(table)} SET ${sql.ref(name)} = ${row[name]} WHERE ${sql.ref(name)} IS ${value}`.execute(
          database,
        );
      }
    }
  }
  expect(faults).toEqual([]);
});
