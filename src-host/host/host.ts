import type { Kysely } from 'kysely';
import { createBlobsService } from '../../src-core/blobs/blobs-service.ts';
import { createActiveComparisons } from '../../src-core/comparisons/active-comparisons.ts';
import { createComparisonsService } from '../../src-core/comparisons/comparisons-service.ts';
import { createLeaseWatch, holdLease, type LeaseTimes, type LeaseWatch } from '../../src-core/jobs/leases.ts';
import { claimJobs } from '../../src-core/jobs/queue.ts';
import { createLabelsService } from '../../src-core/library/labels/labels-service.ts';
import { createPromptsService } from '../../src-core/library/prompts/prompts-service.ts';
import { createLibraryService } from '../../src-core/library/search/library-service.ts';
import { createVersionsService } from '../../src-core/library/versions/versions-service.ts';
import { followLocalStates } from '../../src-core/models/local-models.ts';
import { createModelsService } from '../../src-core/models/models-service.ts';
import { setAsideFiles } from '../../src-core/models/set-aside.ts';
import { createPacksService } from '../../src-core/packs/packs-service.ts';
import type { Log, Ports } from '../../src-core/ports.ts';
import { closeLostRuns, takeRunsBack } from '../../src-core/runs/left-runs.ts';
import { createRunner, type Runner } from '../../src-core/runs/runner.ts';
import { createRunsService } from '../../src-core/runs/runs-service.ts';
import { createNotices } from '../../src-core/scope/notices.ts';
import { sessionOf } from '../../src-core/scope/scope.ts';
import { createSettingsService, readSettings } from '../../src-core/settings/settings-service.ts';
import type { Tables } from '../../src-core/tables/tables.ts';
import { addSamples } from '../../src-core/workspace/samples.ts';
import { createWorkspaceService } from '../../src-core/workspace/workspace-service.ts';
import type { LaunchEngine } from '../engines/gguf/engine-channel.ts';
import { createLocalEngine } from '../engines/gguf/local-engine.ts';
import { createRemoteEngine } from '../engines/openai/remote-engine.ts';
import { createSecrets } from '../secrets/secrets.ts';
import { openDevice } from '../store/sqlite/open-database.ts';
import type { HostRouter } from '../transports/context.ts';
import { registerBuiltInModels } from './built-in-models.ts';
import { openFileStorage } from './file-storage.ts';
import { describeMachine } from './machine.ts';
import { prepareWhenIdle } from './prepare-when-idle.ts';
import { createRouter, type Services } from './router.ts';
import type { Storage } from './storage.ts';
import { watchDevice } from './watch-device.ts';

export interface HostOptions {
  /** Absolute; made when it is not there. */
  readonly dataDir: string;
  /** How engine processes are started; a fork of this Node process unless given. */
  readonly launchEngine?: LaunchEngine;
  /** Starts without the sample prompts. */
  readonly withoutSamples?: boolean;
  /**
   * Somebody stays with this host for a while, as a window does: what the first run needs is loaded in idle time, and jobs
   * that a lost host had begun are gone on with.
   */
  readonly stays?: boolean;
  /** How long its lease lasts; the usual times unless given. */
  readonly lease?: LeaseTimes;
}

export interface Host extends RunningHost {
  /** For tests and tools in the same process; everybody else goes through the router. */
  readonly database: Kysely<Tables>;
}

/** A host on whichever storage. */
export interface RunningHost {
  readonly router: HostRouter;
  readonly ports: Ports;
  readonly dataDir: string;
  readonly log: Log;
  /** Stops runs, unloads models, closes the files. */
  close(): Promise<void>;
}

/** A window has opened and shows its prompt by then. */
const idleAfterMs = 2_500;

/** A host on the file in its data directory. */
export async function openHost(options: HostOptions): Promise<Host> {
  const storage = await openFileStorage(options.dataDir);
  return { ...(await openHostOn(storage, storage.log, options)), database: storage.database };
}

/** A host on a storage that is open. The host closes it, also when it cannot begin. */
export async function openHostOn(storage: Storage, log: Log, options: HostOptions): Promise<RunningHost> {
  const closers: Closer[] = [];
  // In the order of opening reversed; what cannot be closed keeps nothing else open.
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse())
      await Promise.resolve()
        .then(closer)
        .catch((error: unknown) => log.error('A part of the host could not be closed.', error));
  };
  try {
    return { ...(await compose(storage, log, options, (closer) => closers.push(closer))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Closer = () => unknown;

/** The one composition root: wires services to the parts that they need. `closing` takes what is to be done at the end, the last one first. */
async function compose(
  storage: Storage,
  log: Log,
  options: HostOptions,
  closing: (closer: Closer) => void,
): Promise<Omit<RunningHost, 'close'>> {
  const { dataDir } = options;
  const { store } = storage;
  closing(() => storage.close());
  const device = await openDevice(dataDir);
  closing(() => device.close());
  const host = sessionOf(store, storage.host);
  const { idleUnloadMinutes } = await readSettings({ device: device.kysely }, host);
  const local = createLocalEngine({
    log,
    idleMs: idleUnloadMinutes === 0 ? Number.POSITIVE_INFINITY : idleUnloadMinutes * 60_000,
    ...(options.launchEngine && { launch: options.launchEngine }),
  });
  const remote = createRemoteEngine();
  // Runs end first, then those that answer them, then the lease; each is known here before the next step can fail.
  let leave: Closer = () => undefined;
  closing(() => leave());
  closing(() => remote.dispose());
  closing(() => local.dispose());
  const machine = describeMachine(dataDir, storage.place, storage.problem);
  const ports: Ports = {
    host,
    device: device.kysely,
    runStorage: storage.runStorage(machine.hostId),
    local,
    remote,
    secrets: await createSecrets({ dataDir }),
    clock: { now: () => new Date().toISOString(), monotonic: () => performance.now() },
    log,
    machine,
    notices: createNotices(),
  };
  const runner = createRunner(ports);
  closing(() => runner.close());
  const watch = createLeaseWatch(options.lease);
  const comparisons = createActiveComparisons(ports, runner, watch.isSure);
  const part = await takePart(ports, runner, comparisons, watch, options);
  leave = part.leave;
  const services: Services = {
    workspace: createWorkspaceService(ports, runner),
    prompts: createPromptsService(),
    versions: createVersionsService(),
    labels: createLabelsService(),
    library: createLibraryService(),
    models: createModelsService(ports),
    runs: createRunsService(ports, runner),
    comparisons: createComparisonsService(ports, runner, comparisons),
    settings: createSettingsService(ports),
    blobs: createBlobsService(),
    packs: createPacksService(),
  };
  await registerBuiltInModels(ports);
  if (!options.withoutSamples) await addSamples(host, machine.hostId, services.prompts, services.versions);
  await setAsideFiles(ports).restore();
  closing(followLocalStates(ports));
  closing(watchDevice(device, ports.notices, log));
  if (options.stays) closing(prepareForEndpoints(ports, runner, remote.prepare));
  runner.hold(part.resume());

  return {
    router: createRouter(services, {
      store,
      actorOf: storage.actorOf,
      explain: storage.explain,
    }),
    ports,
    dataDir,
    log,
  };
}

/** Holds this host's lease, ends the runs of hosts that have none, and goes on with their jobs where somebody stays. */
async function takePart(
  ports: Ports,
  runner: Runner,
  comparisons: ReturnType<typeof createActiveComparisons>,
  watch: LeaseWatch,
  { stays = false, lease }: HostOptions,
) {
  const { host, log, machine } = ports;
  const resume = async (): Promise<void> => {
    if (!stays || runner.closing.aborted) return;
    const jobs = await host.write((scope) => claimJobs(scope, machine.hostId));
    for (const job of jobs) await comparisons.resume(job);
  };
  const runningHere = () => [...runner.active.all()].filter(({ status }) => status === 'running').map(({ id }) => id);
  const leave = await holdLease(
    ports,
    {
      lost: closeLostRuns,
      regained: (scope) => takeRunsBack(scope, machine.hostId, runningHere()),
      async looked(at) {
        await comparisons.letGoOfLost();
        watch.looked(at);
        await resume();
        comparisons.sweep();
      },
      failed: watch.looked,
    },
    lease,
  );
  return {
    leave,
    resume: () => resume().catch((error: unknown) => log.error('Jobs could not be taken up again.', error)),
  };
}

/** The SDK for endpoints takes a tenth of a second to load; who has an endpoint will want it. */
function prepareForEndpoints({ host }: Ports, runner: Runner, prepare: () => Promise<void>): () => void {
  return prepareWhenIdle({
    prepare,
    delayMs: idleAfterMs,
    isBusy: () => runner.active.count() > 0,
    isWanted: async () =>
      (await host.read(({ db }) => db.selectFrom('endpoints').select('id').limit(1).executeTakeFirst())) !== undefined,
  });
}
