import type { contract } from '../contract/index.ts';
import type { Change, WorkspaceStatus } from '../contract/workspace.ts';
import { createSignal, sleep } from '../follow.ts';
import type { Runner } from '../runs/runner.ts';
import type { Core } from '../scope/core.ts';
import type { ServiceOf } from '../scope/service.ts';

export type WorkspaceService = ServiceOf<typeof contract.workspace>;

/** A database file that is gone is said within a second. */
const statusMs = 500;
/** Below this much free disk, a person is warned. */
const lowMemoryBytes = 512 * 1024 * 1024;

export function createWorkspaceService(core: Core, runner: Runner): WorkspaceService {
  const { machine, secrets } = core;
  return {
    async info() {
      const setAside = await setAsideModels(core);
      const lowMemory =
        machine.freeMemoryBytes() < lowMemoryBytes
          ? ['Less than 512 MiB of memory are free; local models may not load.']
          : [];
      return {
        appVersion: machine.appVersion,
        dataDir: machine.dataDir,
        databaseFile: machine.databaseFile,
        databaseBytes: machine.databaseBytes(),
        warnings: [machine.databaseProblem(), secrets.backend.warning, ...setAside, ...lowMemory].filter(
          (warning) => warning !== null,
        ),
        secretsBackend: secrets.backend.kind,
        host: {
          pid: machine.pid,
          node: machine.runtime,
          platform: machine.platform,
          cores: machine.cores,
          memoryBytes: machine.memoryBytes(),
          freeMemoryBytes: machine.freeMemoryBytes(),
        },
      };
    },
    changes: (_, { signal }) => followChanges(core, signal),
    status: (_, { signal }) => followStatus(core, runner, signal),
  };
}

async function setAsideModels(core: Core): Promise<string[]> {
  const rows = await core.database.selectFrom('local_models').select(['id', 'title']).execute();
  return rows.flatMap(({ id, title }) => {
    const state = core.local.state(id);
    return state.kind === 'quarantined' ? [`"${title}" was set aside: ${state.message}`] : [];
  });
}

async function* followChanges(core: Core, abort: AbortSignal | undefined): AsyncGenerator<Change> {
  const signal = createSignal();
  let waiting: Change[] = [];
  const stop = core.changes.subscribe((change) => {
    waiting.push(change);
    signal.wake();
  });
  try {
    while (!abort?.aborted) {
      await signal.wait(abort);
      const batch = waiting;
      waiting = [];
      yield* batch;
    }
  } finally {
    stop();
  }
}

async function* followStatus(
  core: Core,
  runner: Runner,
  abort: AbortSignal | undefined,
): AsyncGenerator<WorkspaceStatus> {
  let shown = '';
  while (!abort?.aborted) {
    const status = await readStatus(core, runner);
    // Memory moves all the time; a tenth of a mebibyte is not news.
    const text = JSON.stringify({ ...status, hostMemoryBytes: Math.round(status.hostMemoryBytes / 2 ** 20) });
    if (text !== shown) yield status;
    shown = text;
    await sleep(statusMs);
  }
}

async function readStatus(core: Core, runner: Runner): Promise<WorkspaceStatus> {
  const rows = await core.database.selectFrom('local_models').select('id').execute();
  const ready = rows.map(({ id }) => core.local.state(id)).filter((state) => state.kind === 'ready');
  const queued = await core.database
    .selectFrom('runs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('status', '=', 'queued')
    .executeTakeFirstOrThrow();
  const running = [...runner.active.all()].length;
  return {
    runningRuns: running,
    queuedRuns: Math.max(0, Number(queued.count) - running),
    loadedModels: ready.length,
    hostMemoryBytes: core.machine.memoryBytes(),
    enginesMemoryBytes: ready.reduce((bytes, state) => bytes + state.memoryBytes, 0),
    problem: core.machine.databaseProblem(),
  };
}
