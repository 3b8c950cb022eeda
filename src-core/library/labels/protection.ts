import { protectedLabels } from '../../contract/label-name.ts';
import type { Database } from '../../ports.ts';
import { storedJson, storedTexts } from '../../tables/stored-fields.ts';

const key = 'protectedLabels';

/** The labels whose move needs a confirmation; read where the transaction sees it. */
export async function readProtectedLabels(database: Database): Promise<readonly string[]> {
  const row = await database.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
  // One that cannot be read protects what is protected from the start.
  return Array.isArray(storedJson(row?.value)) ? storedTexts(row?.value) : protectedLabels;
}

export async function isProtected(database: Database, name: string): Promise<boolean> {
  return (await readProtectedLabels(database)).includes(name);
}
