import type { contract } from '../contract/index.ts';
import { rememberStart, startedBefore } from '../jobs/idempotency.ts';
import { storeContent } from '../library/stored/contents.ts';
import { resolveModel } from '../models/resolve-model.ts';
import type { Ports } from '../ports.ts';
import type { Session, Writer } from '../scope/scope.ts';
import type { ServiceOf } from '../scope/service.ts';
import { readDefaultModel } from '../settings/stored-settings.ts';
import { chooseContent, mergeSampling } from './choose-content.ts';
import { deleteRuns } from './delete-runs.ts';
import { listRuns } from './list-runs.ts';
import { loadRun, newRun, requireRun } from './run-rows.ts';
import { type Runner, renderForRun } from './runner.ts';
import { watchRun } from './watch-run.ts';

export type RunsService = ServiceOf<typeof contract.runs>;

type StartInput = Parameters<RunsService['start']>[0];

export function createRunsService(ports: Ports, runner: Runner): RunsService {
  return {
    start: (input, session) => startRun(ports, runner, input, session),
    watch: (input, session) => watchRun(session, runner, input),
    async cancel({ id }, session) {
      const run = await session.read((scope) => requireRun(scope, id));
      if (run.finished_at !== null) return { ok: true };
      if ((await runner.cancellations.cancel(id, run.host_id)) === 'gone')
        await session.write((scope) => closeLeftRun(scope, id));
      return { ok: true };
    },
    get: ({ id }, scope) => loadRun(scope, id),
    list: (input, scope) => listRuns(scope, input),
    async score({ id, score }, scope) {
      await requireRun(scope, id);
      await scope.db.updateTable('runs').set({ score }).where('id', '=', id).execute();
      scope.changed('runs', id);
      return { ok: true };
    },
    async remove({ ids }, session) {
      const unfinished = await session.read(({ db }) =>
        db
          .selectFrom('runs')
          .select(['id', 'host_id'])
          .where('id', 'in', ids)
          .where('finished_at', 'is', null)
          .execute(),
      );
      for (const run of unfinished) await runner.cancellations.cancel(run.id, run.host_id);
      await session.write(async (scope) => {
        const runs = await scope.db
          .selectFrom('runs')
          .select(['id', 'prompt_id', 'comparison_id'])
          .where('id', 'in', ids)
          .execute();
        await deleteRuns(scope, ids);
        for (const { id, prompt_id: prompt, comparison_id: comparison } of runs)
          scope.audit({ action: 'run.remove', subject: id, details: { prompt, comparison } });
        scope.erase();
        for (const id of ids) scope.changed('runs', id, 'removed');
      });
      return { ok: true };
    },
  };
}

async function startRun(ports: Ports, runner: Runner, { key, ...input }: StartInput, session: Session) {
  const { model, inputs, sampling, ...source } = input;
  const start = { operation: 'runs.start', key, input } as const;
  const prepared = await session.read(async (scope) => {
    const before = await startedBefore(scope, start);
    if (before !== null) return before;
    const chosen = await chooseContent(scope, source);
    const first = model ?? chosen.content.settings.model ?? (await readDefaultModel(scope));
    const models = [first, ...(model ? [] : chosen.content.settings.fallbacks)];
    return { ...chosen, models, merged: mergeSampling(chosen.content, sampling) };
  });
  if (typeof prepared === 'string') return { id: prepared };
  const { content, origin, models, merged } = prepared;
  const messages = await renderForRun(session, content, inputs);
  const id = await session.write(async (scope) => {
    // The same start may have come in a second time meanwhile.
    const before = await startedBefore(scope, start);
    if (before !== null) return { before };
    const run = newRun({
      ...origin,
      contentHash: await storeContent(scope, content),
      inputs: JSON.stringify(inputs),
      model: models[0]!,
      sampling: JSON.stringify(merged),
      hostId: ports.machine.hostId,
      personId: session.actor.personId,
      now: scope.now,
    });
    await scope.db
      .insertInto('runs')
      .values({ ...run, messages: JSON.stringify(messages) })
      .execute();
    await rememberStart(scope, start, run.id);
    scope.changed('runs', run.id);
    return run.id;
  });
  if (typeof id !== 'string') return { id: id.before };
  const resolve = (modelId: string) => resolveModel(ports, modelId);
  const { persisted } = runner.run(runner.active.add(id, null), async () => ({
    messages,
    content,
    sampling: merged,
    models,
    resolve,
  }));
  runner.hold(persisted.then(() => announce(ports, id)));
  return { id };
}

/** A list shows how the run ended; who watches the run itself has been told. */
async function announce({ host, log }: Ports, id: string): Promise<void> {
  await host
    .write(async (scope) => scope.changed('runs', id))
    .catch((error: unknown) => log.error(`That run ${id} ended could not be announced.`, error));
}

/** Whoever worked on it is not there any more, and left it behind. */
async function closeLeftRun(scope: Writer, id: string): Promise<void> {
  await scope.db
    .updateTable('runs')
    .set({ status: 'cancelled', finished_at: scope.now })
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .execute();
  scope.changed('runs', id);
}
