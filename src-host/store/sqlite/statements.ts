import type SqliteDatabase from 'better-sqlite3';
import type { SqliteDatabase as DialectDatabase } from 'kysely';
import { explain } from './explain-failure.ts';

type Statement = ReturnType<DialectDatabase['prepare']>;

/** Most statements that are kept prepared; the least recently used one goes. */
const keptStatements = 400;

/**
 * What Kysely prepares its queries with: statements are kept, because preparing costs more than running most of ours, and
 * a failure of the disk comes out as the sentence that says so.
 */
export function statementsOf(sqlite: SqliteDatabase.Database, file: string): DialectDatabase {
  const statements = new Map<string, Statement>();
  const rollback = rollbackStatement(sqlite);
  return {
    close: () => sqlite.close(),
    prepare(query) {
      if (query === 'rollback') return rollback;
      const statement = statements.get(query) ?? prepare(sqlite, query, file);
      statements.delete(query);
      statements.set(query, statement);
      if (statements.size > keptStatements) statements.delete(statements.keys().next().value!);
      return statement;
    },
  };
}

function prepare(sqlite: SqliteDatabase.Database, query: string, file: string): Statement {
  // A transaction that reads first and writes later fails at once, without patience, when another process wrote meanwhile.
  const statement = explained(file, () => sqlite.prepare(query === 'begin' ? 'begin immediate' : query));
  return {
    reader: statement.reader,
    all: (parameters) => explained(file, () => statement.all(parameters)),
    run: (parameters) => explained(file, () => statement.run(parameters)),
    iterate: (parameters) => statement.iterate(parameters),
  };
}

function explained<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw explain(error, file);
  }
}

/**
 * A full or broken disk makes SQLite roll back by itself, and there is nothing left to roll back then. Whatever happens
 * here, the caller is to hear of the failure that came before.
 */
function rollbackStatement(sqlite: SqliteDatabase.Database): Statement {
  return {
    reader: false,
    all: () => [],
    iterate: () => [][Symbol.iterator](),
    run() {
      try {
        if (sqlite.inTransaction) sqlite.exec('rollback');
      } catch {
        // The transaction is gone all the same: SQLite ends it, or the next `begin` says what is wrong.
      }
      return { changes: 0, lastInsertRowid: 0 };
    },
  };
}
