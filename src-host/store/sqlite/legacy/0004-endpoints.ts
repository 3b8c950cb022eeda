import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A key from the environment goes where it went so far, and nowhere else. */
async function bindVariables(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ id: string; base_url: string }>`
    select id, base_url from endpoints where key_env is not null`.execute(db);
  for (const { id, base_url } of rows) {
    const origin = URL.canParse(base_url) ? new URL(base_url).origin : null;
    await sql`update endpoints set key_env_origin = ${origin} where id = ${id}`.execute(db);
  }
}

/** A minute was the wait that every endpoint got; a model on one's own computer may still be loading by then. */
async function allowOwnServersTime(db: Kysely<unknown>): Promise<void> {
  await sql`update endpoints set timeout_ms = 900000
    where timeout_ms = 60000 and preset in ('ollama', 'lm-studio', 'vllm', 'llama-server')`.execute(db);
}

/** What an answer says of itself, two timeouts, and which request fields a model does not take. */
export const endpoints: Migration = {
  async up(db) {
    await db.schema.alterTable('runs').addColumn('cached_tokens', 'integer').execute();
    await db.schema.alterTable('runs').addColumn('generation_ms', 'real').execute();
    for (const [table, column] of [
      ['runs', 'notes'],
      ['remote_models', 'never_send'],
    ] as const) {
      await db.schema
        .alterTable(table)
        .addColumn(column, 'text', (c) => c.notNull().defaultTo('[]'))
        .execute();
    }
    await db.schema.alterTable('endpoints').addColumn('idle_timeout_ms', 'integer').execute();
    await db.schema.alterTable('endpoints').addColumn('key_env_origin', 'text').execute();
    await db.schema
      .createTable('refused_fields')
      .addColumn('model_id', 'text', (c) => c.primaryKey())
      .addColumn('endpoint_id', 'text', (c) => c.notNull().references('endpoints.id').onDelete('cascade'))
      .addColumn('fields', 'text', (c) => c.notNull())
      .execute();
    await bindVariables(db);
    await allowOwnServersTime(db);
  },
};
