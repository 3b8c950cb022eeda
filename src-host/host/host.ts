import { createBlobsService } from '../../src-core/blobs/blobs-service.ts';
import { createComparisonsService } from '../../src-core/comparisons/comparisons-service.ts';
import { joinDatabase } from '../../src-core/jobs/recovery.ts';
import { createLabelsService } from '../../src-core/library/labels/labels-service.ts';
import { createPromptsService } from '../../src-core/library/prompts/prompts-service.ts';
import { createLibraryService } from '../../src-core/library/search/library-service.ts';
import { createVersionsService } from '../../src-core/library/versions/versions-service.ts';
import { followLocalStates } from '../../src-core/models/local-models.ts';
import { createModelsService } from '../../src-core/models/models-service.ts';
import { setAsideFiles } from '../../src-core/models/set-aside.ts';
import type { Database, Log } from '../../src-core/ports.ts';
import { createRunner, type Runner } from '../../src-core/runs/runner.ts';
import { createRunsService } from '../../src-core/runs/runs-service.ts';
import { createChangeFeed } from '../../src-core/scope/changes.ts';
import type { Core } from '../../src-core/scope/core.ts';
import { createSettingsService } from '../../src-core/settings/settings-service.ts';
import { addSamples } from '../../src-core/workspace/samples.ts';
import { createWorkspaceService } from '../../src-core/workspace/workspace-service.ts';
import type { LaunchEngine } from '../engines/gguf/engine-channel.ts';
import { createLocalEngine } from '../engines/gguf/local-engine.ts';
import { createRemoteEngine } from '../engines/openai/remote-engine.ts';
import { createSecrets } from '../secrets/secrets.ts';
import { createErasure } from '../store/sqlite/erasure.ts';
import { createFtsIndex } from '../store/sqlite/fts-index.ts';
import { openDatabase } from '../store/sqlite/open-database.ts';
import { createRunStorage } from '../store/sqlite/run-storage.ts';
import type { HostRouter } from '../transports/context.ts';
import { registerBuiltInModels } from './built-in-models.ts';
import { createFileLog } from './log.ts';
import { describeMachine } from './machine.ts';
import { prepareWhenIdle } from './prepare-when-idle.ts';
import { createRouter, type Services } from './router.ts';
import { watchDatabase } from './watch-database.ts';

export interface HostOptions {
  /** Absolute; made when it is not there. */
  readonly dataDir: string;
  /** How engine processes are started; a fork of this Node process unless given. */
  readonly launchEngine?: LaunchEngine;
  /** Starts without the sample prompts. */
  readonly withoutSamples?: boolean;
  /** Somebody stays with this host for a while, as a window does: what the first run needs is loaded in idle time. */
  readonly stays?: boolean;
}

export interface Host {
  readonly router: HostRouter;
  /** For callers in the same process (CLI, tests); everybody else goes through the router. */
  readonly services: Services;
  readonly database: Database;
  readonly dataDir: string;
  readonly log: Log;
  /** Cancels runs, unloads models, closes the database. */
  close(): Promise<void>;
}

/** A window has opened and shows its prompt by then. */
const idleAfterMs = 2_500;

/** The one composition root: opens the data directory and wires services to the parts that they need. */
export async function openHost(options: HostOptions): Promise<Host> {
  const { dataDir } = options;
  const database = await openDatabase(dataDir);
  const log = createFileLog(dataDir);
  const changes = createChangeFeed();
  const settings = createSettingsService(database.kysely, changes);
  const { idleUnloadMinutes } = await settings.read();
  const local = createLocalEngine({
    log,
    idleMs: idleUnloadMinutes === 0 ? Number.POSITIVE_INFINITY : idleUnloadMinutes * 60_000,
    ...(options.launchEngine && { launch: options.launchEngine }),
  });
  const remote = createRemoteEngine();
  const erasure = createErasure(database, log);
  const core: Core = {
    database: database.kysely,
    runStorage: createRunStorage(database),
    search: createFtsIndex(),
    erasure,
    local,
    remote,
    secrets: await createSecrets({ dataDir }),
    clock: { now: () => new Date().toISOString(), monotonic: () => performance.now() },
    log,
    machine: describeMachine(dataDir, database.file, database.guard.problem),
    changes,
    settings,
  };
  const runner = createRunner(core);
  const leave = await joinDatabase(core, runner.active);
  const services: Services = {
    workspace: createWorkspaceService(core, runner),
    prompts: createPromptsService(core),
    versions: createVersionsService(core),
    labels: createLabelsService(core),
    library: createLibraryService(core),
    models: createModelsService(core),
    runs: createRunsService(core, runner),
    comparisons: createComparisonsService(core, runner),
    blobs: createBlobsService(core),
    settings,
  };
  await registerBuiltInModels(core);
  if (!options.withoutSamples) await addSamples(core, services.prompts, services.versions);
  await setAsideFiles(core).restore();
  const stopStates = followLocalStates(core);
  const stopWatching = watchDatabase(database, changes, log);
  const stopPreparing = options.stays ? prepareForEndpoints(core, runner, remote.prepare) : () => undefined;

  return {
    router: createRouter(services, database.file),
    services,
    database: core.database,
    dataDir,
    log,
    async close() {
      stopPreparing();
      stopWatching();
      stopStates();
      await runner.close();
      await erasure.close();
      await local.dispose();
      remote.dispose();
      await leave().catch((error: unknown) => log.error('The host could not sign off.', error));
      await database.close();
    },
  };
}

/** The SDK for endpoints takes a tenth of a second to load; who has an endpoint will want it. */
function prepareForEndpoints(core: Core, runner: Runner, prepare: () => Promise<void>): () => void {
  return prepareWhenIdle({
    prepare,
    delayMs: idleAfterMs,
    isBusy: () => runner.active.count() > 0,
    isWanted: async () =>
      (await core.database.selectFrom('endpoints').select('id').limit(1).executeTakeFirst()) !== undefined,
  });
}
