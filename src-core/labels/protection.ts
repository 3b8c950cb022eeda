import { z } from 'zod';
import type { Database } from '../ports.ts';
import { protectedLabels } from '../versions/version-ref.ts';

const key = 'protectedLabels';
const storedSchema = z.array(z.string());

/** The labels whose move needs a confirmation; read where the transaction sees it. */
export async function readProtectedLabels(database: Database): Promise<readonly string[]> {
  const row = await database.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
  return row ? storedSchema.parse(JSON.parse(row.value)) : protectedLabels;
}

export async function isProtected(database: Database, name: string): Promise<boolean> {
  return (await readProtectedLabels(database)).includes(name);
}
