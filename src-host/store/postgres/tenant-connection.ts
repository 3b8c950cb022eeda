import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  replaceWithNoncontingentExpression,
} from 'kysely';
import pg from 'pg';
import { tenantInConflictTargets } from './conflict-targets.ts';

/** For whom a transaction is. */
export interface TenantSession {
  readonly tenant: string;
  readonly person: string;
}

export interface TenantTransaction<Tables> {
  readonly db: Kysely<Tables>;
  /** The tenant's commit counter: of a write the number that it will have, of others the last that they see. */
  readonly rev: number;
}

/**
 * The only way to the pool. All that a scope asks is one transaction on one connection, and whom it is for is set together with
 * its beginning, for that transaction alone: no query runs without a tenant, and nothing of one stays on the connection.
 */
export async function inTenantTransaction<Tables, Result>(
  pool: pg.Pool,
  session: TenantSession,
  access: Access,
  work: (transaction: TenantTransaction<Tables>) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  const connection = new TenantConnection(client);
  try {
    const rev = await begin(client, session, access);
    const result = await work({ db: kyselyOn<Tables>(connection), rev });
    await connection.commit();
    client.release();
    return result;
  } catch (error) {
    client.release(await connection.rollback().catch(() => true));
    throw error;
  }
}

/** `write` takes the tenant's one turn at writing; `append` does not, for rows that nobody else writes. */
export type Access = 'read' | 'write' | 'append';

const beginnings: Readonly<Record<Access, string>> = {
  // What a call reads fits together, whatever others commit meanwhile.
  read: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  // Those who write wait for each other at the tenant's counter, and see what the one before them wrote.
  write: 'BEGIN',
  append: 'BEGIN',
};

/** One round trip; the protocol takes several statements only without parameters. */
async function begin(client: pg.PoolClient, { tenant, person }: TenantSession, access: Access) {
  const [as, by] = [tenant, person].map((id) => pg.escapeLiteral(id));
  const entered = `SELECT promptdev.enter(${as}, ${by}, ${access === 'write'}) AS rev`;
  const results = (await client.query(`${beginnings[access]}; ${entered}`)) as unknown as pg.QueryResult<{
    rev: number;
  }>[];
  return results[1]!.rows[0]!.rev;
}

const plugins = [
  tenantInConflictTargets(),
  new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression }),
];

function kyselyOn<Tables>(connection: TenantConnection): Kysely<Tables> {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createDriver: () => new OneConnection(connection),
  };
  return new Kysely<Tables>({ dialect, plugins });
}

/** Hands out the connection of a transaction that has begun, to one query at a time. */
class OneConnection implements Driver {
  private readonly connection: TenantConnection;
  private turn: Promise<void> = Promise.resolve();
  private endTurn: () => void = () => {};

  constructor(connection: TenantConnection) {
    this.connection = connection;
  }

  async init(): Promise<void> {}
  async destroy(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.turn = promise;
    await before;
    this.endTurn = resolve;
    return this.connection;
  }

  async releaseConnection(): Promise<void> {
    this.endTurn();
  }

  async beginTransaction(): Promise<void> {
    throw new Error('A scope is one transaction already: pass the scope on instead of opening another transaction.');
  }

  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
}

const changing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** PostgreSQL holds no NUL in a text; an answer of a model that has one is kept with a mark in its place. */
function holdable(parameter: unknown): unknown {
  if (typeof parameter === 'string') return parameter.replaceAll('\0', '\ufffd');
  return Array.isArray(parameter) ? parameter.map(holdable) : parameter;
}

class TenantConnection implements DatabaseConnection {
  private readonly client: pg.PoolClient;
  private isOver = false;

  constructor(client: pg.PoolClient) {
    this.client = client;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    // Whoever still asks would ask in the transaction of another tenant.
    if (this.isOver) throw new Error('This scope has ended: await every query before the work of the scope is over.');
    const { command, rowCount, rows } = await this.client.query<pg.QueryResultRow>(sql, parameters.map(holdable));
    const changed = changing.has(command) ? BigInt(rowCount ?? 0) : undefined;
    return { rows: rows as Row[], ...(changed !== undefined && { numAffectedRows: changed }) };
  }

  // biome-ignore lint/correctness/useYield: it is part of the interface, and lists are read in pages here.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Rows are read in pages, not streamed.');
  }

  /** A transaction in which a statement failed cannot be committed; PostgreSQL rolls it back and calls that a success. */
  async commit(): Promise<void> {
    this.isOver = true;
    const { command } = await this.client.query('COMMIT');
    if (command === 'COMMIT') return;
    throw new Error('The transaction was not committed, because a statement in it failed and the work went on.');
  }

  /** Resolves with whether the connection has to be thrown away. */
  async rollback(): Promise<boolean> {
    this.isOver = true;
    await this.client.query('ROLLBACK');
    return false;
  }
}
