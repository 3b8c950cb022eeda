import { canonicalContent, hashText } from '../../content/hash-content.ts';
import { contentSchema, type PromptContent } from '../../contract/content.ts';
import { AppError } from '../../scope/errors.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import { hasText } from '../../tables/matching.ts';
import { storedJson } from '../../tables/stored-fields.ts';

/** Stores a content under its hash (once, however many versions and runs share it) and returns the hash. */
export async function storeContent(scope: Writer, content: PromptContent): Promise<string> {
  const body = canonicalContent(content);
  const hash = hashText(body);
  await scope.db
    .insertInto('contents')
    .values({ hash, body })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
  return hash;
}

/** Deletes those of the contents that no version, run or comparison has. */
export async function deleteUnusedContents(scope: Writer, hashes: readonly string[]): Promise<void> {
  for (const hash of new Set(hashes)) {
    const uses = (table: 'versions' | 'runs') =>
      scope.db.selectFrom(table).select('id').where('content_hash', '=', hash);
    const used =
      (await uses('versions').limit(1).executeTakeFirst()) ??
      (await uses('runs').limit(1).executeTakeFirst()) ??
      (await scope.db
        .selectFrom('comparisons')
        .select('id')
        .where((eb) => hasText(eb.ref('prompts'), `"${hash}"`))
        .limit(1)
        .executeTakeFirst());
    if (!used) await scope.db.deleteFrom('contents').where('hash', '=', hash).execute();
  }
}

export async function loadContent(scope: Reader, hash: string): Promise<PromptContent> {
  return parseContent(await loadBody(scope, hash));
}

/** The canonical JSON of a content as it was stored. */
export async function loadBody(scope: Reader, hash: string): Promise<string> {
  const row = await scope.db.selectFrom('contents').select('body').where('hash', '=', hash).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no content with the hash ${hash.slice(0, 12)}.`);
  return row.body;
}

/** Whether a stored content says what a canonical one says: those of earlier versions may still end their lines with CR LF. */
export function saysTheSame(stored: string, canonical: string): boolean {
  if (stored === canonical) return true;
  return stored.includes('\\r') && canonicalContent(JSON.parse(stored)) === canonical;
}

export function parseContent(body: string): PromptContent {
  const content = contentSchema.safeParse(storedJson(body));
  if (content.success) return content.data;
  throw new AppError(
    'invalid',
    'What is stored of this content is damaged and cannot be read; use another version or an earlier step of the draft.',
  );
}
