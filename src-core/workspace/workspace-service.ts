import type { contract } from '../contract/index.ts';
import type { WorkspaceStatus } from '../contract/workspace.ts';
import { sleep } from '../follow.ts';
import type { Ports } from '../ports.ts';
import type { Runner } from '../runs/runner.ts';
import type { Session } from '../scope/scope.ts';
import type { ServiceOf } from '../scope/service.ts';
import { followChanges } from './follow-changes.ts';

export type WorkspaceService = ServiceOf<typeof contract.workspace>;

/** A database file that is gone is said within a second. */
const statusMs = 500;
/** Below this much free memory, a person is warned. */
const lowMemoryBytes = 512 * 1024 * 1024;

export function createWorkspaceService(ports: Ports, runner: Runner): WorkspaceService {
  const { machine, secrets } = ports;
  return {
    async info() {
      const setAside = await setAsideModels(ports);
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
    changes: (_, session) => followChanges(ports, session),
    status: (_, session) => followStatus(ports, runner, session),
  };
}

async function setAsideModels({ device, local }: Ports): Promise<string[]> {
  const rows = await device.selectFrom('local_models').select(['id', 'title']).execute();
  return rows.flatMap(({ id, title }) => {
    const state = local.state(id);
    return state.kind === 'quarantined' ? [`"${title}" was set aside: ${state.message}`] : [];
  });
}

async function* followStatus(ports: Ports, runner: Runner, session: Session): AsyncGenerator<WorkspaceStatus> {
  let shown = '';
  while (!session.signal?.aborted) {
    const status = await readStatus(ports, runner, session);
    // Memory moves all the time; a tenth of a mebibyte is not news.
    const text = JSON.stringify({ ...status, hostMemoryBytes: Math.round(status.hostMemoryBytes / 2 ** 20) });
    if (text !== shown) yield status;
    shown = text;
    await sleep(statusMs);
  }
}

async function readStatus(
  { device, local, machine }: Ports,
  runner: Runner,
  session: Session,
): Promise<WorkspaceStatus> {
  const rows = await device.selectFrom('local_models').select('id').execute();
  const ready = rows.map(({ id }) => local.state(id)).filter((state) => state.kind === 'ready');
  const queued = await session.read(({ db }) =>
    db
      .selectFrom('runs')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('status', '=', 'queued')
      .executeTakeFirstOrThrow(),
  );
  const running = [...runner.active.all()].length;
  return {
    runningRuns: running,
    queuedRuns: Math.max(0, Number(queued.count) - running),
    loadedModels: ready.length,
    hostMemoryBytes: machine.memoryBytes(),
    enginesMemoryBytes: ready.reduce((bytes, state) => bytes + state.memoryBytes, 0),
    problem: machine.databaseProblem(),
  };
}
