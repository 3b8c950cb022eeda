import { type QueryCompiler, SqliteDialect, type SqliteDialectConfig, SqliteQueryCompiler } from 'kysely';

/** SQLite for Kysely, with parameters that keep a prepared statement prepared. */
export function sqliteDialect(config: SqliteDialectConfig): SqliteDialect {
  return new PlainDialect(config);
}

class PlainDialect extends SqliteDialect {
  override createQueryCompiler(): QueryCompiler {
    return new PlainCompiler();
  }
}

/**
 * With STAT4, which better-sqlite3 is built with, SQLite prepares a statement of several tables anew whenever a bare `?` in
 * it is bound to another value, in case another plan suits that one; we keep no statistics that could tell. Behind a
 * unary plus, which changes no value of any type, it does not.
 */
class PlainCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return '+?';
  }
}
