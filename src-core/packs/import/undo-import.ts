import { goToStep, loadState, writeDraft } from '../../library/drafts/drafts.ts';
import { indexPrompt } from '../../library/prompts/change-prompt.ts';
import { updateMetadata } from '../../library/prompts/prompt-metadata.ts';
import { loadContent } from '../../library/stored/contents.ts';
import { requirePrompt, versionRow } from '../../library/stored/prompt-rows.ts';
import { findUsages } from '../../library/usages/usages.ts';
import { saveVersion } from '../../library/versions/save-version.ts';
import { AppError } from '../../scope/errors.ts';
import type { Writer } from '../../scope/scope.ts';
import { storedJson } from '../../tables/stored-fields.ts';
import type { DoneItem } from './apply-import.ts';

export interface Undone {
  readonly undone: number;
  /** What stays as it is, because it was changed since or is in use. */
  readonly kept: { name: string; why: string }[];
}

/**
 * Takes an import back: new prompts go to the trash, drafts go back to the step before, and where a version was made, the
 * one before it is made the newest again (versions stay, as always). What somebody changed since stays.
 */
export async function undoImport(scope: Writer, id: string): Promise<Undone> {
  const row = await scope.db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not_found', 'This import is not known here.', { id });
  const { numUpdatedRows } = await scope.db
    .updateTable('imports')
    .set({ undone_at: scope.now })
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw new AppError('conflict', 'This import was taken back already.', { id });
  const kept: Undone['kept'] = [];
  const items = (storedJson(row.items) ?? []) as unknown as readonly DoneItem[];
  const leaving = new Set(items.filter(isCreated).map(({ promptId }) => promptId));
  for (const item of items) {
    const why = await undoItem(scope, item, leaving);
    if (why !== null) kept.push({ name: item.name, why });
  }
  scope.audit({ action: 'import.undo', subject: id, details: { source: row.source, kept: kept.length } });
  scope.changed('imports', id);
  return { undone: items.length - kept.length, kept };
}

/** Null when it was taken back, else why not. */
async function undoItem(scope: Writer, item: DoneItem, leaving: ReadonlySet<string>): Promise<string | null> {
  const { promptId, hash, entryBefore, versionBefore, versionAfter, action, wasTrashed = false } = item;
  const prompt = await requirePrompt(scope, promptId).catch(ifGone);
  if (prompt === null) return 'It was deleted for good.';
  const { draft } = await loadState(scope, promptId);
  if (draft.hash !== hash || prompt.latest_version_id !== versionAfter) return 'It was changed since.';
  if (isCreated(item)) {
    const users = (await findUsages(scope, [promptId])).filter((usage) => !leaving.has(usage.promptId));
    if (users.length > 0) return `"${users[0]!.name}" includes it.`;
    await updateMetadata(scope, promptId, { status: 'trashed' });
    return null;
  }
  if (wasTrashed) await updateMetadata(scope, promptId, { status: 'trashed' });
  if (action === 'new-version' && versionBefore !== null && versionBefore !== versionAfter) {
    const before = await versionRow(scope, versionBefore);
    if (before === undefined) return 'The version before it is gone.';
    await writeDraft(scope, promptId, await loadContent(scope, before.content_hash), {
      revision: null,
      coalesce: false,
    });
    await saveVersion(scope, { promptId, note: 'Took an import back' });
  }
  // A step that is not kept any more leaves the draft at the version before.
  if (entryBefore !== null) await goToStep(scope, promptId, entryBefore).catch(ifGone);
  await indexPrompt(scope, promptId);
  return null;
}

function ifGone(error: unknown): null {
  if (error instanceof AppError && error.code === 'not_found') return null;
  throw error;
}

function isCreated({ action }: DoneItem): boolean {
  return action === 'create' || action === 'keep-both';
}
