import pg from 'pg';

export type PoolOptions = Pick<
  pg.PoolConfig,
  'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl'
> & {
  readonly max?: number;
};

const int8 = 20;

/** Counts and sequences are far below 2⁵³, and services calculate with them. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

const connectMs = 10_000;

/**
 * Connections that nothing is ever set on: behind a transaction-mode pooler the next transaction may be on another one. So no
 * startup options either, which such poolers refuse.
 */
export function createPool({ max = 20, ...address }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ ...address, max, types, connectionTimeoutMillis: connectMs, keepAlive: true });
  // A server that ends an idle connection must not end this process; the next caller gets another one.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return pool;
}

function ignore(): void {}
