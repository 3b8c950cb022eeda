import { createBlobsService } from '../../src-core/blobs/blobs-service.ts';
import type { Contract } from '../../src-core/contract/index.ts';
import { createLabelsService } from '../../src-core/library/labels/labels-service.ts';
import { createPromptsService } from '../../src-core/library/prompts/prompts-service.ts';
import { createLibraryService } from '../../src-core/library/search/library-service.ts';
import { createVersionsService } from '../../src-core/library/versions/versions-service.ts';
import { createChangeFeed } from '../../src-core/scope/changes.ts';
import type { LibraryCore } from '../../src-core/scope/core.ts';
import { createSettingsService } from '../../src-core/settings/settings-service.ts';
import { leftErasure } from '../store/sqlite/erasure.ts';
import { createFtsIndex } from '../store/sqlite/fts-index.ts';
import type { OpenDatabase } from '../store/sqlite/open-database.ts';
import { inProcessClient } from '../transports/serve-calls.ts';
import { createFileLog } from './log.ts';
import { describeMachine } from './machine.ts';
import type { LibraryClient } from './open-library.ts';
import { createRouter } from './router.ts';

/** A client of the services that need the database alone; it validates and fails as that of a host does. */
export function createLibraryClient({ kysely, file, guard }: OpenDatabase, dataDir: string): LibraryClient {
  const changes = createChangeFeed();
  const core: LibraryCore = {
    database: kysely,
    search: createFtsIndex(),
    erasure: leftErasure,
    clock: { now: () => new Date().toISOString(), monotonic: () => performance.now() },
    machine: describeMachine(dataDir, file, guard.problem),
    changes,
    settings: createSettingsService(kysely, changes),
  };
  const services = {
    prompts: createPromptsService(core),
    versions: createVersionsService(core),
    labels: createLabelsService(core),
    library: createLibraryService(core),
    blobs: createBlobsService(core),
  };
  return inProcessClient<Contract>(createRouter(services, file), { clientId: 'cli', log: createFileLog(dataDir) });
}
