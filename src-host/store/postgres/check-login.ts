import type pg from 'pg';
import { AppError } from '../../../src-core/scope/errors.ts';
import { explainPostgres } from './explain-postgres.ts';
import { appliedMigrations, isCurrent } from './migrations/migrate.ts';

/**
 * Refuses to serve tenants with a login that row level security does not hold for, or on a schema of another version. Throws
 * one sentence that says what to do.
 */
export async function checkLogin(pool: pg.Pool): Promise<void> {
  const client = await connect(pool);
  try {
    const { rows } = await client.query<{ name: string; above: boolean; owns: boolean }>(`
      SELECT current_user AS name, rolsuper OR rolbypassrls AS above,
        EXISTS (
          SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
          WHERE nspname = 'promptdev' AND pg_has_role(relowner, 'MEMBER')) AS owns
      FROM pg_roles WHERE rolname = current_user`);
    const { name, above, owns } = rows[0]!;
    if (above || owns)
      throw new AppError(
        'denied',
        `The login "${name}" ${above ? 'goes around row level security' : 'owns the tables'}, so tenants could see each other. Connect as pd_app.`,
      );
    if (!isCurrent(await appliedMigrations(client)))
      throw new AppError(
        'unavailable',
        'The database does not have the schema of this version. Run the migrations of this version first.',
      );
  } finally {
    client.release();
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw explainPostgres(error);
  }
}
