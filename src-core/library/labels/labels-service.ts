import type { contract } from '../../contract/index.ts';
import { environmentLabels, latestLabel } from '../../contract/label-name.ts';
import type { Label } from '../../contract/labels.ts';
import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { isStoredId, storedText } from '../../tables/stored-fields.ts';
import { requireOwnVersion } from '../lookup/find-version.ts';
import { requirePrompt, toVersionSummary } from '../stored/prompt-rows.ts';
import { listMoves, type Place } from './label-moves.ts';
import { moveLabel, placeOf, removeLabel, rollBackLabel, rollbackTarget } from './move-label.ts';
import { isProtected, readProtectedLabels } from './protection.ts';

export type LabelsService = ServiceOf<typeof contract.labels>;

export function createLabelsService(core: LibraryCore): LabelsService {
  const { database, changes } = core;

  const change = async (promptId: string, origin: string, work: (trx: Database) => Promise<void>): Promise<void> => {
    await database.transaction().execute(async (trx) => {
      await requirePrompt(trx, promptId);
      await work(trx);
    });
    changes.publish('labels', [promptId], origin);
  };

  return {
    list: ({ promptId }) => listLabels(database, promptId),
    names: () => listLabelNames(database),
    async move({ versionId, ...input }, { clientId }) {
      await change(input.promptId, clientId, (trx) => moveLabel(core, trx, input, versionId));
      return (await findLabel(database, input.promptId, input.name))!;
    },
    async remove(input, { clientId }) {
      await change(input.promptId, clientId, (trx) => removeLabel(core, trx, input));
      return { ok: true };
    },
    async rollback(input, { clientId }) {
      await change(input.promptId, clientId, (trx) => rollBackLabel(core, trx, input));
      return findLabel(database, input.promptId, input.name);
    },
    preview: (input) => previewMove(database, input),
    async history(input) {
      await requirePrompt(database, input.promptId);
      return listMoves(database, input);
    },
    async protect({ name, protected: wanted }, call) {
      const others = (await readProtectedLabels(database)).filter((label) => label !== name);
      await core.settings.update({ protectedLabels: wanted ? [...others, name] : others }, call);
      return { ok: true };
    },
  };
}

async function listLabels(database: Database, promptId: string): Promise<Label[]> {
  const { latest_version_id: latestId } = await requirePrompt(database, promptId);
  const guarded = await readProtectedLabels(database);
  const rows = await database
    .selectFrom('labels')
    .innerJoin('versions', 'versions.id', 'labels.version_id')
    .selectAll('versions')
    .select(['labels.name as label', 'labels.moved_at'])
    .where('labels.prompt_id', '=', promptId)
    .orderBy('labels.name')
    .execute();
  const labels = rows
    .filter((row) => isStoredId(row.id))
    .map((row) => ({
      name: storedText(row.label),
      version: toVersionSummary(row),
      automatic: false,
      protected: guarded.includes(row.label),
      movedAt: storedText(row.moved_at),
    }));
  if (latestId === null) return labels;
  const newest = await requireOwnVersion(database, promptId, latestId).catch(() => null);
  if (newest === null) return labels;
  const version = toVersionSummary(newest);
  const latest = { name: latestLabel, version, automatic: true, protected: false, movedAt: version.createdAt };
  return [latest, ...labels];
}

async function findLabel(database: Database, promptId: string, name: string): Promise<Label | null> {
  return (await listLabels(database, promptId)).find((label) => label.name === name) ?? null;
}

/** The environments first, then every label in use, by name. */
async function listLabelNames(database: Database) {
  const guarded = await readProtectedLabels(database);
  const rows = await database
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
  database: Database,
  { promptId, name, versionId }: { readonly promptId: string; readonly name: string; readonly versionId: Place },
) {
  const from = await placeOf(database, promptId, name);
  const to = versionId ?? (await rollbackTarget(database, promptId, name));
  const summary = async (id: Place) =>
    id === null ? null : toVersionSummary(await requireOwnVersion(database, promptId, id));
  return {
    protected: await isProtected(database, name),
    from: await summary(from),
    to: await summary(to),
  };
}
