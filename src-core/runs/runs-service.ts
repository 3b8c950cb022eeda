import { type PromptContent, type Sampling, samplingSchema } from '../contract/content.ts';
import type { contract } from '../contract/index.ts';
import { loadDraft } from '../library/drafts/drafts.ts';
import { assertNothingUnfinished } from '../library/drafts/typed-texts.ts';
import { loadContent, storeContent } from '../library/stored/contents.ts';
import { requirePrompt } from '../library/stored/prompt-rows.ts';
import { resolveModel } from '../models/resolve-model.ts';
import type { Core } from '../scope/core.ts';
import { AppError } from '../scope/errors.ts';
import type { ServiceOf } from '../scope/service.ts';
import { deleteRuns } from './delete-runs.ts';
import { listRuns } from './list-runs.ts';
import { loadRun, newRun, type RunOrigin, requireRun } from './run-rows.ts';
import { type Runner, renderForRun } from './runner.ts';
import { watchRun } from './watch-run.ts';

export type RunsService = ServiceOf<typeof contract.runs>;

export function createRunsService(core: Core, runner: Runner): RunsService {
  const { database, changes } = core;
  return {
    async start({ model, inputs, sampling, ...source }, { clientId }) {
      const { content, origin } = await chooseContent(core, source);
      const models = [
        model ?? content.settings.model ?? (await core.settings.read()).defaultModel,
        ...(model ? [] : content.settings.fallbacks),
      ];
      const messages = await renderForRun(core, content, inputs);
      const merged = mergeSampling(content, sampling);
      const row = await database.transaction().execute(async (trx) => {
        const run = newRun({
          ...origin,
          contentHash: await storeContent(trx, content),
          inputs: JSON.stringify(inputs),
          model: models[0]!,
          sampling: JSON.stringify(merged),
          hostId: core.machine.hostId,
          now: core.clock.now(),
        });
        await trx
          .insertInto('runs')
          .values({ ...run, messages: JSON.stringify(messages) })
          .execute();
        return run;
      });
      const active = runner.active.add(row.id, null);
      const resolve = (id: string) => resolveModel(core, id);
      const { persisted } = runner.run(active, async () => ({ messages, content, sampling: merged, models, resolve }));
      void persisted.then(() => changes.publish('runs', [row.id]));
      changes.publish('runs', [row.id], clientId);
      return { id: row.id };
    },
    watch: (input, { signal }) => watchRun(core, runner, input, signal),
    async cancel({ id }, { clientId }) {
      const run = await requireRun(database, id);
      if (run.finished_at !== null) return { ok: true };
      if ((await runner.cancellations.cancel(id, run.host_id)) === 'gone') {
        // Whoever worked on it is not there any more, and left it behind.
        await database
          .updateTable('runs')
          .set({ status: 'cancelled', finished_at: core.clock.now() })
          .where('id', '=', id)
          .where('finished_at', 'is', null)
          .execute();
        changes.publish('runs', [id], clientId);
      }
      return { ok: true };
    },
    get: ({ id }) => loadRun(database, id),
    list: (input) => listRuns(core, input),
    async score({ id, score }, { clientId }) {
      await requireRun(database, id);
      await database.updateTable('runs').set({ score }).where('id', '=', id).execute();
      changes.publish('runs', [id], clientId);
      return { ok: true };
    },
    async remove({ ids }, { clientId }) {
      const unfinished = await database
        .selectFrom('runs')
        .select(['id', 'host_id'])
        .where('id', 'in', ids)
        .where('finished_at', 'is', null)
        .execute();
      for (const run of unfinished) await runner.cancellations.cancel(run.id, run.host_id);
      await database.transaction().execute(async (trx) => {
        await deleteRuns(core, trx, ids);
        await core.erasure.request(trx);
      });
      changes.publish('runs', ids, clientId);
      return { ok: true };
    },
  };
}

/** What is asked for on top of the content's own settings wins, field by field. */
export function mergeSampling(content: PromptContent, override: Sampling | undefined): Sampling {
  return samplingSchema.parse({ ...content.settings, ...override });
}

interface ContentSource {
  readonly promptId?: string | undefined;
  readonly versionId?: string | undefined;
  readonly content?: PromptContent | undefined;
}

/** The content that a run or a comparison means: a version, a given content, or a prompt's draft. */
export async function chooseContent(
  core: Core,
  source: ContentSource,
): Promise<{ content: PromptContent; origin: RunOrigin }> {
  const { database } = core;
  if (source.versionId !== undefined) {
    const version = await database
      .selectFrom('versions')
      .selectAll()
      .where('id', '=', source.versionId)
      .executeTakeFirst();
    if (!version) throw new AppError('not_found', 'There is no such version.', { id: source.versionId });
    const prompt = await requirePrompt(database, version.prompt_id);
    const origin = {
      promptId: prompt.id,
      promptName: prompt.name,
      versionId: version.id,
      versionNumber: version.number,
    };
    return { content: await loadContent(database, version.content_hash), origin };
  }
  const prompt = source.promptId === undefined ? null : await requirePrompt(database, source.promptId);
  const origin = {
    promptId: prompt?.id ?? null,
    promptName: prompt?.name ?? null,
    versionId: null,
    versionNumber: null,
  };
  if (source.content) return { content: source.content, origin };
  if (!prompt) throw new AppError('invalid', 'Nothing to run: give a prompt, a version or a content.');
  const draft = await loadDraft(database, prompt.id);
  assertNothingUnfinished(draft.content, draft.typed);
  const unchanged = draft.baseVersion?.hash === draft.hash ? draft.baseVersion : null;
  return {
    content: draft.content,
    origin: { ...origin, versionId: unchanged?.id ?? null, versionNumber: unchanged?.number ?? null },
  };
}
