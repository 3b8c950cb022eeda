import type { LabelMove } from '../../contract/labels.ts';
import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { AppError } from '../../scope/errors.ts';
import { requireOwnVersion, requireVersion } from '../lookup/find-version.ts';
import { authorIn } from '../prompts/change-prompt.ts';
import { requirePrompt } from '../stored/prompt-rows.ts';
import { movesOf, type Place, previousPlace } from './label-moves.ts';
import { isProtected } from './protection.ts';

export interface LabelChange {
  readonly promptId: string;
  readonly name: string;
  readonly reason: string;
  readonly confirm: boolean;
}

/** Points a label at a version and records it; where it already is, nothing happens. */
export async function moveLabel(
  core: LibraryCore,
  trx: Database,
  change: LabelChange,
  versionId: string,
): Promise<void> {
  await requireOwnVersion(trx, change.promptId, versionId);
  const from = await placeOf(trx, change.promptId, change.name);
  if (from !== versionId) await place(core, trx, change, 'move', from, versionId);
}

export async function removeLabel(core: LibraryCore, trx: Database, change: LabelChange): Promise<void> {
  const from = await placeOf(trx, change.promptId, change.name);
  if (from === null) throw notSet(await requirePrompt(trx, change.promptId), change.name);
  await place(core, trx, change, 'remove', from, null);
}

/** Takes back the last move or removal of a label. */
export async function rollBackLabel(core: LibraryCore, trx: Database, change: LabelChange): Promise<void> {
  const from = await placeOf(trx, change.promptId, change.name);
  const to = await rollbackTarget(trx, change.promptId, change.name);
  await place(core, trx, change, 'rollback', from, to);
}

/** Where a roll-back would put the label; throws `invalid` when it was never moved. */
export async function rollbackTarget(database: Database, promptId: string, name: string): Promise<Place> {
  const target = previousPlace(await movesOf(database, promptId, name));
  if (target === undefined)
    throw new AppError('invalid', `There is no move of the label "${name}" left to roll back.`, { name });
  return target;
}

/** The version that a label points at; null when it is not set. */
export async function placeOf(database: Database, promptId: string, name: string): Promise<Place> {
  const row = await database
    .selectFrom('labels')
    .select('version_id')
    .where('prompt_id', '=', promptId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.version_id ?? null;
}

async function place(
  core: LibraryCore,
  trx: Database,
  change: LabelChange,
  kind: LabelMove['kind'],
  from: Place,
  to: Place,
): Promise<void> {
  if (!change.confirm && (await isProtected(trx, change.name))) throw await unconfirmed(trx, change.name, from, to);
  const key = { prompt_id: change.promptId, name: change.name };
  const now = core.clock.now();
  if (to === null) {
    await trx.deleteFrom('labels').where('prompt_id', '=', key.prompt_id).where('name', '=', key.name).execute();
  } else {
    const values = { version_id: to, moved_at: now };
    await trx
      .insertInto('labels')
      .values({ ...key, ...values })
      .onConflict((conflict) => conflict.columns(['prompt_id', 'name']).doUpdateSet(values))
      .execute();
  }
  const move = { kind, from_version_id: from, to_version_id: to, reason: change.reason.trim(), moved_at: now };
  await trx
    .insertInto('label_moves')
    .values({ ...key, ...move, author: await authorIn(trx, core) })
    .execute();
}

async function unconfirmed(trx: Database, label: string, from: Place, to: Place): Promise<AppError> {
  const numberOf = async (id: Place) => (id === null ? null : (await requireVersion(trx, id)).number);
  const [before, after] = [await numberOf(from), await numberOf(to)];
  const say = (number: number | null) => (number === null ? 'unset' : `v${number}`);
  return new AppError(
    'denied',
    `The label "${label}" is protected: moving it from ${say(before)} to ${say(after)} needs a confirmation.`,
    { label, from: before, to: after },
  );
}

function notSet(prompt: { readonly name: string }, label: string): AppError {
  return new AppError('not_found', `"${prompt.name}" has no label "${label}".`, { label });
}
