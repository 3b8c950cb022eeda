import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { connectWebSocket } from '../../../src-core/client/connect.ts';
import { describeServices } from '../../../src-core/testing/describe-services.ts';
import type { Tenant, World } from '../../../src-core/testing/world.ts';
import { startScriptedEndpoint } from '../../engines/openai/testing/scripted-endpoint.ts';
import { openHost } from '../../host/host.ts';
import { clientOf } from '../../testing/host-clients.ts';

process.env.PROMPTDEV_KEYRING = 'off';

const servingChild = fileURLToPath(new URL('../../testing/serving-child.ts', import.meta.url));

/** A host on a file in a process of its own: those who wait for the file's turn at writing keep their whole process waiting. */
async function startElsewhere(dataDir: string) {
  const child = fork(servingChild, [dataDir], { env: { ...process.env, PROMPTDEV_KEYRING: 'off' } });
  const [port] = (await once(child, 'message')) as [number];
  const connections: ReturnType<typeof connectWebSocket>[] = [];
  return {
    join(clientId: string) {
      const connection = connectWebSocket(
        () => new WebSocket(`ws://127.0.0.1:${port}/${encodeURIComponent(clientId)}`),
      );
      connections.push(connection);
      return connection.client;
    },
    async close() {
      for (const connection of connections) connection.close();
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** A file of one person, with a host in this process and perhaps one in another. */
async function openTenant(): Promise<Tenant> {
  const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-tenant-'));
  const host = await openHost({ dataDir, withoutSamples: true });
  let elsewhere: ReturnType<typeof startElsewhere> | null = null;
  return {
    async join(person, process = 'here') {
      const clientId = `${person} ${process}`;
      if (process === 'here') return clientOf(host, clientId);
      elsewhere ??= startElsewhere(dataDir);
      return (await elsewhere).join(clientId);
    },
    session: async () => host.ports.host,
    async close() {
      await (await elsewhere)?.close();
      await host.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function openWorld(): Promise<World> {
  const endpoint = await startScriptedEndpoint();
  return { isShared: false, endpoint: endpoint.baseUrl, openTenant, close: () => endpoint.close() };
}

describeServices('SQLite', openWorld);
