import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { storedJson } from '../../tables/stored-fields.ts';
import { loadDraftContent } from '../drafts/drafts.ts';
import { promptDocument, requirePrompt } from '../stored/prompt-rows.ts';

/** Runs `work` in a transaction, refreshes the search documents of these prompts and tells the windows. */
export async function changePrompts<Result>(
  core: LibraryCore,
  ids: readonly string[],
  origin: string,
  work: (trx: Database, now: string) => Promise<Result>,
): Promise<Result> {
  const result = await core.database.transaction().execute(async (trx) => {
    const result = await work(trx, core.clock.now());
    for (const id of ids) await indexPrompt(core, trx, id);
    return result;
  });
  core.changes.publish('prompts', ids, origin);
  return result;
}

/** Puts what a prompt says now into the search index. */
export async function indexPrompt(core: LibraryCore, trx: Database, id: string): Promise<void> {
  const row = await requirePrompt(trx, id);
  await core.search.put(trx, [promptDocument(row, await loadDraftContent(trx, id))]);
}

/** The author as the open transaction sees it; asking the settings service here would wait for this very transaction. */
export async function authorIn(trx: Database, core: LibraryCore): Promise<string> {
  const row = await trx.selectFrom('settings').select('value').where('key', '=', 'author').executeTakeFirst();
  const author = storedJson(row?.value);
  return (typeof author === 'string' && author) || core.machine.userName;
}
