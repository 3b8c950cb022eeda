import { type Expression, type SqlBool, sql } from 'kysely';

/** Whether a text column begins with exactly these characters; LIKE reads "_" and "%" as more than themselves. */
export function startsWith(column: Expression<string>, start: string) {
  return sql<SqlBool>`${column} LIKE ${`${escapeLike(start)}%`} ESCAPE '\\'`;
}

/** Whether a text column has exactly these characters in it. On SQLite, ASCII letters count whatever their case. */
export function hasText(column: Expression<string>, text: string) {
  return sql<SqlBool>`${column} LIKE ${`%${escapeLike(text)}%`} ESCAPE '\\'`;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
