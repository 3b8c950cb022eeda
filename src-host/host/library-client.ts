import { createBlobsService } from '../../src-core/blobs/blobs-service.ts';
import type { Contract } from '../../src-core/contract/index.ts';
import { createLabelsService } from '../../src-core/library/labels/labels-service.ts';
import { createPromptsService } from '../../src-core/library/prompts/prompts-service.ts';
import { createLibraryService } from '../../src-core/library/search/library-service.ts';
import { createVersionsService } from '../../src-core/library/versions/versions-service.ts';
import { createPacksService } from '../../src-core/packs/packs-service.ts';
import type { Store } from '../../src-core/scope/scope.ts';
import { explain } from '../store/sqlite/explain-failure.ts';
import { type Identity, personActor } from '../store/sqlite/identity.ts';
import { inProcessClient } from '../transports/serve-calls.ts';
import { createFileLog } from './log.ts';
import type { LibraryClient } from './open-library.ts';
import { createRouter } from './router.ts';

/** A client of the services that need the database alone; it validates and fails as that of a host does. */
export function createLibraryClient(store: Store, identity: Identity, file: string, dataDir: string): LibraryClient {
  const services = {
    prompts: createPromptsService(),
    versions: createVersionsService(),
    labels: createLabelsService(),
    library: createLibraryService(),
    blobs: createBlobsService(),
    packs: createPacksService(),
  };
  const router = createRouter(services, {
    store,
    actorOf: ({ clientId }) => personActor(identity, clientId),
    explain: (error) => explain(error, file),
  });
  return inProcessClient<Contract>(router, { clientId: 'cli', log: createFileLog(dataDir) });
}
