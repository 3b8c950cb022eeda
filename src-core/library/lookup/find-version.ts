import { shownNumber } from '../../content/version-name.ts';
import { parseVersionRef, type VersionRef } from '../../content/version-ref.ts';
import { AppError } from '../../scope/errors.ts';
import type { Reader } from '../../scope/scope.ts';
import { startsWith } from '../../tables/matching.ts';
import { toVersionSummary, type VersionRow, versionRow } from '../stored/prompt-rows.ts';
import { findPromptId } from './find-prompt.ts';

export async function requireVersion(scope: Reader, id: string): Promise<VersionRow> {
  const row = await versionRow(scope, id);
  if (!row) throw new AppError('not_found', 'There is no such version; its prompt may have been deleted.', { id });
  return row;
}

/** The version of this prompt; throws `invalid` when it is another prompt's. */
export async function requireOwnVersion(scope: Reader, promptId: string, id: string): Promise<VersionRow> {
  const row = await requireVersion(scope, id);
  if (row.prompt_id !== promptId)
    throw new AppError('invalid', `Version ${shownNumber(toVersionSummary(row))} belongs to another prompt.`, {
      id,
      promptId,
    });
  return row;
}

/** The version that a person's reference means, as in `support/greet@production`. */
export async function findVersionByRef(scope: Reader, text: string): Promise<VersionRow> {
  const ref = parseVersionRef(text);
  const row = await findVersion(scope, await findPromptId(scope, ref.name), ref);
  if (row === null) throw new AppError('not_found', `"${ref.name}" has no saved version yet.`, { name: ref.name });
  return row;
}

/** Null means "the draft": nothing is saved yet and no version was asked for. */
export async function findVersion(scope: Reader, promptId: string, ref: VersionRef): Promise<VersionRow | null> {
  const versions = scope.db.selectFrom('versions').selectAll('versions').where('versions.prompt_id', '=', promptId);
  const newest = versions.orderBy('versions.number', 'desc').orderBy('versions.confirmed', 'asc').limit(1);
  switch (ref.kind) {
    case 'latest':
      return (await newest.executeTakeFirst()) ?? null;
    case 'number': {
      const row = await versions.where('number', '=', ref.number).where('confirmed', '=', 1).executeTakeFirst();
      return found(row, ref.name, `version ${ref.number}`);
    }
    case 'hash': {
      const row = await newest.where((eb) => startsWith(eb.ref('content_hash'), ref.hash)).executeTakeFirst();
      return found(row, ref.name, `version with the hash ${ref.hash}`);
    }
    case 'label': {
      const labelled = versions.innerJoin('labels', 'labels.version_id', 'versions.id');
      const row = await labelled.where('labels.name', '=', ref.label).executeTakeFirst();
      return found(row, ref.name, `label "${ref.label}"`);
    }
  }
}

function found(row: VersionRow | undefined, name: string, what: string): VersionRow {
  if (row === undefined)
    throw new AppError('not_found', `"${name}" has no ${what}. "promptdev history ${name}" shows what there is.`);
  return row;
}
