import { listEndpoints } from '../../src-core/models/endpoints.ts';
import { listModels } from '../../src-core/models/models-service.ts';
import { setAsideFiles } from '../../src-core/models/set-aside.ts';
import type { Session } from '../../src-core/scope/scope.ts';
import { createLocalEngine } from '../engines/gguf/local-engine.ts';
import { createSecrets } from '../secrets/secrets.ts';
import { openCurrentDevice, openDevice } from '../store/sqlite/open-database.ts';
import { builtInPath } from './built-in-models.ts';
import { createFileLog } from './log.ts';
import { describeMachine } from './machine.ts';

/** Models and endpoints as a host would list them, without one: nothing is loaded or asked. */
export async function listStoredModels(session: Session, file: string, dataDir: string) {
  const local = createLocalEngine({ log: createFileLog(dataDir), idleMs: Number.POSITIVE_INFINITY });
  // Where nothing can be written, what is there can still be read.
  const device = (await openCurrentDevice(dataDir)) ?? (await openDevice(dataDir));
  const ports = {
    device: device.kysely,
    local,
    secrets: await createSecrets({ dataDir }),
    machine: describeMachine(dataDir, file),
    clock: { now: () => new Date().toISOString(), monotonic: () => performance.now() },
  };
  try {
    await setAsideFiles(ports).restore();
    const models = (await listModels(ports, session)).map((model) => {
      const path = model.kind === 'local' && model.builtIn ? builtInPath(model.id) : null;
      return path === null ? model : { ...model, path, present: ports.machine.fileExists(path) };
    });
    return { models, endpoints: await listEndpoints(ports, session) };
  } finally {
    await local.dispose();
    await device.close();
  }
}
