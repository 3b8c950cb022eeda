import { listEndpoints } from '../../src-core/models/endpoints.ts';
import { listModels } from '../../src-core/models/models-service.ts';
import { setAsideFiles } from '../../src-core/models/set-aside.ts';
import type { Core } from '../../src-core/scope/core.ts';
import { createLocalEngine } from '../engines/gguf/local-engine.ts';
import { createSecrets } from '../secrets/secrets.ts';
import type { OpenDatabase } from '../store/sqlite/open-database.ts';
import { builtInPath } from './built-in-models.ts';
import { createFileLog } from './log.ts';
import { describeMachine } from './machine.ts';

/** Models and endpoints as a host would list them, without one: nothing is written, loaded or asked. */
export async function listStoredModels({ kysely, file, guard }: OpenDatabase, dataDir: string) {
  const local = createLocalEngine({ log: createFileLog(dataDir), idleMs: Number.POSITIVE_INFINITY });
  const core: Pick<Core, 'database' | 'local' | 'secrets' | 'machine' | 'clock'> = {
    database: kysely,
    local,
    secrets: await createSecrets({ dataDir }),
    machine: describeMachine(dataDir, file, guard.problem),
    clock: { now: () => new Date().toISOString(), monotonic: () => performance.now() },
  };
  try {
    await setAsideFiles(core).restore();
    const models = (await listModels(core)).map((model) => {
      const path = model.kind === 'local' && model.builtIn ? builtInPath(model.id) : null;
      return path === null ? model : { ...model, path, present: core.machine.fileExists(path) };
    });
    return { models, endpoints: await listEndpoints(core) };
  } finally {
    await local.dispose();
  }
}
