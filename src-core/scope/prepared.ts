import type { Compilable, CompiledQuery, RawBuilder } from 'kysely';
import type { ReadTables, WriteTables } from './scope.ts';

/** Gives the place of a value in a query. */
export type ValueOf<Values> = <Name extends keyof Values>(name: Name) => Values[Name];

/** What a prepared statement did. */
export interface Written<Row> {
  readonly rows: readonly Row[];
  /** Rows that were changed. */
  readonly changed: number;
}

/**
 * A query that is built and compiled once for each kind of database, and run with other values each time: for what nearly
 * every call asks, building takes longer than running. Values are single ones; a list of them changes the text of a query.
 */
export function prepared<Values extends object, Row>(
  build: (db: ReadTables, value: ValueOf<Values>) => Compilable<Row>,
): (db: ReadTables, values: Values) => Promise<readonly Row[]> {
  const run = compiledOnce<ReadTables, Values, Row>((db, value) => build(db, value).compile());
  return async (db, values) => (await run(db, values)).rows;
}

/** The same for a statement that changes rows. */
export function preparedWrite<Values extends object, Row = unknown>(
  build: (db: WriteTables, value: ValueOf<Values>) => Compilable<Row>,
): (db: WriteTables, values: Values) => Promise<Written<Row>> {
  return compiledOnce((db, value) => build(db, value).compile());
}

/** The same for a statement in the words of one database. */
export function preparedSql<Values extends object, Row = unknown>(
  build: (value: ValueOf<Values>) => RawBuilder<Row>,
): (db: Executing, values: Values) => Promise<Written<Row>> {
  return compiledOnce((db, value) => build(value).compile(db));
}

type Executing = Pick<ReadTables, 'getExecutor'>;

/** Stands for a value until a query is run. */
class Slot {
  readonly name: PropertyKey;

  constructor(name: PropertyKey) {
    this.name = name;
  }
}

function compiledOnce<Db extends Executing, Values extends object, Row>(
  compile: (db: Db, value: ValueOf<Values>) => CompiledQuery<Row>,
): (db: Db, values: Values) => Promise<Written<Row>> {
  // Texts differ by dialect, of which a process may serve two.
  const compiled = new WeakMap<object, CompiledQuery<Row>>();
  return async (db, values) => {
    const executor = db.getExecutor();
    const dialect = executor.adapter.constructor;
    let query = compiled.get(dialect);
    if (query === undefined) {
      query = compile(db, (name) => new Slot(name) as never);
      compiled.set(dialect, query);
    }
    const parameters = query.parameters.map((each) =>
      each instanceof Slot ? values[each.name as keyof Values] : each,
    );
    const { rows, numAffectedRows } = await executor.executeQuery<Row>({ ...query, parameters });
    return { rows, changed: Number(numAffectedRows ?? 0) };
  };
}
