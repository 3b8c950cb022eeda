import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { createPool } from '../pool.ts';
import { inTenantTransaction, type TenantTransaction } from '../tenant-connection.ts';
import { faultsOf } from '../testing/catalogue.ts';
import { withClient } from '../testing/embedded.ts';
import { addTenant, appAddress, createTenantDatabase } from '../testing/tenants.ts';

const database = await createTenantDatabase();
const pool = createPool({ ...appAddress(database), max: 3 });
const [ours, theirs] = [await addTenant(database), await addTenant(database)];
const [ada, bob] = [randomUUID(), randomUUID()];
afterAll(async () => {
  await pool.end();
  await database.drop();
});

type Work<Result> = (transaction: TenantTransaction<unknown>) => Promise<Result>;
const as = <Result>(tenant: string, work: Work<Result>, person = ada, access: 'read' | 'write' = 'write') =>
  inTenantTransaction(pool, { tenant, person }, access, work);
const run = (statement: RawBuilder<unknown>, tenant = ours, person = ada) =>
  as(tenant, async ({ db }) => (await statement.execute(db)).rows, person);
const now = '2026-11-27T12:00:00.000Z';

async function addPrompt(tenant: string, name: string) {
  const [project, prompt, version, hash] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await as(tenant, async ({ db }) => {
    await sql`INSERT INTO projects (id, name, created_at) VALUES (${project}, ${name}, ${now})`.execute(db);
    await sql`INSERT INTO prompts (id, project_id, name, folder, title, description, type, scope, owner, domain, metadata,
        source, status, revision, created_at, updated_at)
      VALUES (${prompt}, ${project}, ${name}, '', '', '', 'chat', 'user', '', '', '{}', 'human', 'active', 1, ${now}, ${now})`.execute(
      db,
    );
    await sql`INSERT INTO contents (hash, body) VALUES (${hash}, '{}')`.execute(db);
    await sql`INSERT INTO versions (id, prompt_id, number, confirmed, depth, content_hash, author, note, folded, created_at)
      VALUES (${version}, ${prompt}, 1, 1, 0, ${hash}, 'Ada', '', 'ada', ${now})`.execute(db);
  });
  return { project, prompt, version, hash };
}

const mine = await addPrompt(ours, 'greet');
const hidden = await addPrompt(theirs, 'canary');

describe('the catalogue', () => {
  test('has row level security forced on every table, and every key and reference begins with the tenant', async () => {
    expect(await withClient(database.address, (client) => faultsOf(client, 'pd_app'))).toEqual([]);
  });

  test.each([
    ['a table without a policy', 'CREATE TABLE promptdev.extra (tenant_id uuid PRIMARY KEY)', /extra: .*not forced/],
    [
      'a key that is unique over all tenants',
      'ALTER TABLE promptdev.prompts ADD UNIQUE (name)',
      /prompts: prompts_name_key does not begin with tenant_id/,
    ],
    [
      'a view with the rights of its owner',
      'CREATE VIEW promptdev.overview AS SELECT * FROM promptdev.prompts',
      /overview: a view without security_invoker/,
    ],
    [
      'a function with the rights of its owner',
      `CREATE FUNCTION promptdev.all_prompts() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint'`,
      /all_prompts: a function with the rights of its owner/,
    ],
    [
      'a policy that lets everybody',
      'CREATE POLICY everybody ON promptdev.prompts USING (true)',
      /prompts: policy everybody/,
    ],
    ['a server that owns a table', 'ALTER TABLE promptdev.settings OWNER TO pd_app', /pd_app/],
    [
      'a text that is compared in the order of a language',
      'ALTER TABLE promptdev.projects ALTER name TYPE text COLLATE "default"',
      /projects.name/,
    ],
  ])('finds %s', async (_, statement, fault) => {
    await withClient(database.address, async (client) => {
      await client.query('BEGIN');
      await client.query(statement);
      expect((await faultsOf(client, 'pd_app')).join('\n')).toMatch(fault);
      await client.query('ROLLBACK');
    });
  });
});

describe('of another tenant', () => {
  test('nothing is seen, nor without a tenant at all', async () => {
    expect(await run(sql`SELECT name FROM prompts`)).toEqual([{ name: 'greet' }]);
    expect((await pool.query('SELECT * FROM promptdev.prompts')).rows).toEqual([]);
  });

  test('nothing is written, and that is an error', async () => {
    const insert = sql`INSERT INTO settings (tenant_id, key, value) VALUES (${theirs}, 'x', '1')`;
    await expect(run(insert)).rejects.toMatchObject({ code: '42501' });
    await expect(run(sql`UPDATE projects SET tenant_id = ${theirs}`)).rejects.toMatchObject({ code: '42501' });
    expect(await run(sql`UPDATE projects SET name = 'taken' WHERE id = ${hidden.project} RETURNING id`)).toEqual([]);
  });

  test('neither an id nor a reference tells that something is there', async () => {
    await run(sql`INSERT INTO contents (hash, body) VALUES (${hidden.hash}, 'another')`);
    await expect(
      run(
        sql`INSERT INTO labels (prompt_id, name, version_id, moved_at) VALUES (${hidden.prompt}, 'x', ${hidden.version}, ${now})`,
      ),
    ).rejects.toMatchObject({ code: '23503' });
  });

  test('the counter stands still while this one writes, and neither waits for the other', async () => {
    await as(ours, () => as(theirs, async () => undefined));
  });
});

describe('of another person', () => {
  test('no draft is seen, and a purge takes it with the prompt', async () => {
    const { prompt, version } = await addPrompt(ours, 'shared');
    const entry = randomUUID();
    const draft = async (person: string) => {
      await run(sql`INSERT INTO draft_entries (id, person_id, prompt_id, content, typed, created_at)
        VALUES (${entry}, ${person}, ${prompt}, '{}', '{}', ${now})`);
      await run(sql`INSERT INTO drafts (person_id, prompt_id, entry_id, hash, models, revision, writer, updated_at)
        VALUES (${person}, ${prompt}, ${entry}, '', '', 1, '', ${now})`);
    };
    await draft(ada);
    await expect(draft(bob)).rejects.toMatchObject({ code: '42501' });
    expect(await run(sql`SELECT * FROM drafts`, ours, bob)).toEqual([]);
    await run(sql`UPDATE prompts SET status = 'trashed' WHERE id = ${prompt}`, ours, bob);
    await as(
      ours,
      async ({ db }) => {
        await sql`DELETE FROM versions WHERE id = ${version}`.execute(db);
        await sql`DELETE FROM prompts WHERE id = ${prompt}`.execute(db);
      },
      bob,
    );
    expect(await run(sql`SELECT * FROM drafts`)).toEqual([]);
  });

  test('no change of a draft is in the feed', async () => {
    await run(sql`INSERT INTO feed (topic, id, person_id, kind, rev) VALUES ('drafts', 'p', ${ada}, 'changed', 1)`);
    expect(await run(sql`SELECT id FROM feed`, ours, bob)).toEqual([]);
    expect(await run(sql`SELECT id FROM feed`)).toEqual([{ id: 'p' }]);
  });
});

describe('what is immutable', () => {
  test.each([
    ['content', sql`UPDATE contents SET body = 'x'`],
    ['a version', sql`UPDATE versions SET note = 'x'`],
    ['the number of a confirmed version', sql`UPDATE versions SET number = 2`],
    ['a version outside the trash', sql`DELETE FROM versions WHERE id = ${mine.version}`],
    ['the audit', sql`DELETE FROM audit`],
    ['which tenant this is', sql`UPDATE workspace SET id = ${randomUUID()}`],
  ])('stays as it is: %s', async (_, statement) => {
    const error = await run(statement).catch((thrown: unknown) => thrown);
    expect(['42501', 'PD001']).toContain((error as { code?: string }).code);
  });

  test('holds against the owner of the tables too', async () => {
    await withClient(database.address, async (client) => {
      await expect(client.query(`UPDATE promptdev.versions SET note = 'x'`)).rejects.toMatchObject({ code: 'PD001' });
      await expect(client.query(`UPDATE promptdev.contents SET body = 'x'`)).rejects.toMatchObject({ code: 'PD001' });
    });
  });
});
