import { type Expression, type SqlBool, sql } from 'kysely';

/** Whether a text column begins with exactly these characters; LIKE reads "_" and "%" as more than themselves. */
export function startsWith(column: Expression<string>, start: string) {
  return sql<SqlBool>`substr(${column}, 1, length(${start})) = ${start}`;
}
