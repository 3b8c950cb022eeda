import type { NumberedVersion } from '../../content/version-name.ts';
import type { Reader } from '../../scope/scope.ts';
import { storedWhole } from '../../tables/stored-fields.ts';

/** Ids that one question names at most. */
const mostAtOnce = 500;

/**
 * The numbers of versions as they are now, by id. What was written down beside a run or a comparison may be a number that
 * has become another since; it counts only where the version is gone.
 */
export async function numbersOf(
  scope: Reader,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, NumberedVersion>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  const numbers = new Map<string, NumberedVersion>();
  for (let at = 0; at < wanted.length; at += mostAtOnce) {
    const rows = await scope.db
      .selectFrom('versions')
      .select(['id', 'number', 'confirmed'])
      .where('id', 'in', wanted.slice(at, at + mostAtOnce))
      .execute();
    for (const row of rows)
      numbers.set(row.id, { number: storedWhole(row.number, 1, 1), confirmed: row.confirmed !== 0 });
  }
  return numbers;
}
