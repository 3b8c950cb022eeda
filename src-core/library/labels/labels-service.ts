import type { contract } from '../../contract/index.ts';
import { environmentLabels, latestLabel } from '../../contract/label-name.ts';
import type { Label } from '../../contract/labels.ts';
import { prepared, type ValueOf } from '../../scope/prepared.ts';
import type { Reader, ReadTables } from '../../scope/scope.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { readProtectedLabels, writeWorkspaceSettings } from '../../settings/stored-settings.ts';
import { isStoredId, storedText } from '../../tables/stored-fields.ts';
import { requireOwnVersion } from '../lookup/find-version.ts';
import { requirePrompt, toVersionSummary, type VersionRow } from '../stored/prompt-rows.ts';
import { listMoves, type Place } from './label-moves.ts';
import { moveLabel, placeOf, removeLabel, rollBackLabel, rollbackTarget } from './move-label.ts';
import { isProtected } from './protection.ts';

export type LabelsService = ServiceOf<typeof contract.labels>;

export function createLabelsService(): LabelsService {
  return {
    list: ({ promptId }, scope) => listLabels(scope, promptId),
    names: (_, scope) => listLabelNames(scope),
    async move({ versionId, ...change }, scope) {
      await moveLabel(scope, change, versionId);
      return (await findLabel(scope, change.promptId, change.name))!;
    },
    async remove(change, scope) {
      await removeLabel(scope, change);
      return { ok: true };
    },
    async rollback(change, scope) {
      await rollBackLabel(scope, change);
      return findLabel(scope, change.promptId, change.name);
    },
    preview: (input, scope) => previewMove(scope, input),
    async history(input, scope) {
      await requirePrompt(scope, input.promptId);
      return listMoves(scope, input);
    },
    async protect({ name, protected: wanted }, scope) {
      const others = (await readProtectedLabels(scope)).filter((label) => label !== name);
      await writeWorkspaceSettings(scope, { protectedLabels: wanted ? [...others, name] : others });
      return { ok: true };
    },
  };
}

async function listLabels(scope: Reader, promptId: string): Promise<Label[]> {
  const { latest_version_id: latestId } = await requirePrompt(scope, promptId);
  const guarded = await readProtectedLabels(scope);
  const rows = await labelsOfPrompt(scope.db, { prompt: promptId });
  const labels = rows.filter((row) => isStoredId(row.id)).map((row) => toLabel(row, guarded));
  if (latestId === null) return labels;
  const newest = await requireOwnVersion(scope, promptId, latestId).catch(() => null);
  if (newest === null) return labels;
  const version = toVersionSummary(newest);
  const latest = { name: latestLabel, version, automatic: true, protected: false, movedAt: version.createdAt };
  return [latest, ...labels];
}

async function findLabel(scope: Reader, promptId: string, name: string): Promise<Label | null> {
  const [row] = await labelByName(scope.db, { prompt: promptId, name });
  return row !== undefined && isStoredId(row.id) ? toLabel(row, await readProtectedLabels(scope)) : null;
}

type LabelRow = VersionRow & { readonly label: string; readonly moved_at: string };

function toLabel(row: LabelRow, guarded: readonly string[]): Label {
  return {
    name: storedText(row.label),
    version: toVersionSummary(row),
    automatic: false,
    protected: guarded.includes(row.label),
    movedAt: storedText(row.moved_at),
  };
}

function selectLabels(db: ReadTables, promptId: string) {
  return db
    .selectFrom('labels')
    .innerJoin('versions', 'versions.id', 'labels.version_id')
    .selectAll('versions')
    .select(['labels.name as label', 'labels.moved_at'])
    .where('labels.prompt_id', '=', promptId);
}

const labelsOfPrompt = prepared((db, value: ValueOf<{ prompt: string }>) =>
  selectLabels(db, value('prompt')).orderBy('labels.name'),
);

const labelByName = prepared((db, value: ValueOf<{ prompt: string; name: string }>) =>
  selectLabels(db, value('prompt')).where('labels.name', '=', value('name')),
);

/** The environments first, then every label in use, by name. */
async function listLabelNames(scope: Reader) {
  const guarded = await readProtectedLabels(scope);
  const rows = await scope.db
    .selectFrom('labels')
    .select((eb) => ['name', eb.fn.countAll<number>().as('prompts')])
    .groupBy('name')
    .orderBy('name')
    .execute();
  const counts = new Map(rows.map((row) => [storedText(row.name), Number(row.prompts)]));
  const names = new Set<string>([...environmentLabels, ...counts.keys()]);
  return [...names].map((name) => ({ name, prompts: counts.get(name) ?? 0, protected: guarded.includes(name) }));
}

async function previewMove(
  scope: Reader,
  { promptId, name, versionId }: { readonly promptId: string; readonly name: string; readonly versionId: Place },
) {
  const from = await placeOf(scope, promptId, name);
  const to = versionId ?? (await rollbackTarget(scope, promptId, name));
  const summary = async (id: Place) =>
    id === null ? null : toVersionSummary(await requireOwnVersion(scope, promptId, id));
  return {
    protected: await isProtected(scope, name),
    from: await summary(from),
    to: await summary(to),
  };
}
