import { versionName } from '../../content/version-name.ts';
import type { LabelMove } from '../../contract/labels.ts';
import type { VersionSummary } from '../../contract/prompts.ts';
import { requirePermission } from '../../scope/actor.ts';
import { signatureOf } from '../../scope/authors.ts';
import { AppError } from '../../scope/errors.ts';
import { newId } from '../../scope/ids.ts';
import { prepared, type ValueOf } from '../../scope/prepared.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import { requireOwnVersion, requireVersion } from '../lookup/find-version.ts';
import { requirePrompt, toVersionSummary } from '../stored/prompt-rows.ts';
import { movesOf, type Place, previousPlace } from './label-moves.ts';
import { isProtected } from './protection.ts';

export interface LabelChange {
  readonly promptId: string;
  readonly name: string;
  readonly reason: string;
  readonly confirm: boolean;
}

/** Points a label at a version and records it; where it already is, nothing happens. */
export async function moveLabel(scope: Writer, change: LabelChange, versionId: string): Promise<void> {
  await requirePrompt(scope, change.promptId);
  await requireOwnVersion(scope, change.promptId, versionId);
  const from = await placeOf(scope, change.promptId, change.name);
  if (from !== versionId) await place(scope, change, 'move', from, versionId);
}

export async function removeLabel(scope: Writer, change: LabelChange): Promise<void> {
  const prompt = await requirePrompt(scope, change.promptId);
  const from = await placeOf(scope, change.promptId, change.name);
  if (from === null)
    throw new AppError('not_found', `"${prompt.name}" has no label "${change.name}".`, { label: change.name });
  await place(scope, change, 'remove', from, null);
}

/** Takes back the last move or removal of a label. */
export async function rollBackLabel(scope: Writer, change: LabelChange): Promise<void> {
  await requirePrompt(scope, change.promptId);
  const from = await placeOf(scope, change.promptId, change.name);
  const to = await rollbackTarget(scope, change.promptId, change.name);
  await place(scope, change, 'rollback', from, to);
}

/** Where a roll-back would put the label; throws `invalid` when it was never moved. */
export async function rollbackTarget(scope: Reader, promptId: string, name: string): Promise<Place> {
  const target = previousPlace(await movesOf(scope, promptId, name));
  if (target === undefined)
    throw new AppError('invalid', `There is no move of the label "${name}" left to roll back.`, { name });
  return target;
}

/** The version that a label points at; null when it is not set. */
export async function placeOf(scope: Reader, promptId: string, name: string): Promise<Place> {
  const [row] = await labelled(scope.db, { prompt: promptId, name });
  return row?.version_id ?? null;
}

const labelled = prepared((db, value: ValueOf<{ prompt: string; name: string }>) =>
  db
    .selectFrom('labels')
    .select('version_id')
    .where('prompt_id', '=', value('prompt'))
    .where('name', '=', value('name')),
);

async function place(
  scope: Writer,
  change: LabelChange,
  kind: LabelMove['kind'],
  from: Place,
  to: Place,
): Promise<void> {
  if (await isProtected(scope, change.name)) {
    requirePermission(scope.actor, 'deploy', `moving the protected label "${change.name}"`);
    if (!change.confirm) throw await unconfirmed(scope, change.name, from, to);
  }
  await pointAt(scope, change, from, to);
  const key = { prompt_id: change.promptId, name: change.name };
  const reason = change.reason.trim();
  await scope.db
    .insertInto('label_moves')
    .values({
      ...key,
      ...(await signatureOf(scope)),
      id: newId(),
      kind,
      from_version_id: from,
      to_version_id: to,
      reason,
      moved_at: scope.now,
    })
    .execute();
  scope.audit({ action: `label.${kind}`, subject: change.promptId, details: { label: change.name, from, to } });
  scope.changed('labels', change.promptId);
}

/** Rests on where the label was seen to be; throws `conflict` when another move came between. */
async function pointAt(scope: Writer, { promptId, name }: LabelChange, from: Place, to: Place): Promise<void> {
  if (from === null && to === null) return;
  if (from === null) {
    const { numInsertedOrUpdatedRows = 0n } = await scope.db
      .insertInto('labels')
      .values({ prompt_id: promptId, name, version_id: to!, moved_at: scope.now })
      .onConflict((conflict) => conflict.columns(['prompt_id', 'name']).doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) throw movedMeanwhile(name);
    return;
  }
  const key = { prompt_id: promptId, name, version_id: from };
  const affected =
    to === null
      ? (
          await scope.db
            .deleteFrom('labels')
            .where((eb) => eb.and(key))
            .executeTakeFirstOrThrow()
        ).numDeletedRows
      : (
          await scope.db
            .updateTable('labels')
            .set({ version_id: to, moved_at: scope.now })
            .where((eb) => eb.and(key))
            .executeTakeFirstOrThrow()
        ).numUpdatedRows;
  if (affected === 0n) throw movedMeanwhile(name);
}

function movedMeanwhile(label: string): AppError {
  return new AppError(
    'conflict',
    `The label "${label}" was moved by somebody else just now. Nothing was overwritten.`,
    {
      label,
    },
  );
}

async function unconfirmed(scope: Reader, label: string, from: Place, to: Place): Promise<AppError> {
  const versionOf = async (id: Place) => (id === null ? null : toVersionSummary(await requireVersion(scope, id)));
  const [before, after] = [await versionOf(from), await versionOf(to)];
  const say = (version: VersionSummary | null) => (version === null ? 'unset' : versionName(version));
  return new AppError(
    'denied',
    `The label "${label}" is protected: moving it from ${say(before)} to ${say(after)} needs a confirmation.`,
    { label, from: before?.number ?? null, to: after?.number ?? null },
  );
}
