import { newId } from '../../../../src-core/scope/ids.ts';
import type { World } from '../../../../src-core/testing/world.ts';
import { startScriptedEndpoint } from '../../../engines/openai/testing/scripted-endpoint.ts';
import { openTenantServer, type TenantHost } from '../../../testing/tenant-hosts.ts';
import { withClient } from './embedded.ts';
import { addTenant, createTenantDatabase } from './tenants.ts';

/** One database with all tenants, and two servers on it. `spoil` is run by a superuser before anybody is there. */
export async function openTenantWorld({ spoil = '' }: { readonly spoil?: string } = {}): Promise<World> {
  process.env.PROMPTDEV_KEYRING = 'off';
  const database = await createTenantDatabase();
  if (spoil !== '') await withClient(database.address, (client) => client.query(spoil));
  const endpoint = await startScriptedEndpoint();
  const servers = { here: openTenantServer(database), elsewhere: openTenantServer(database) };

  const addPerson = async (tenant: string, name: string): Promise<string> => {
    const id = newId();
    await withClient(database.address, (client) =>
      client.query('INSERT INTO promptdev.people (tenant_id, id, name, created_at) VALUES ($1, $2, $3, $4)', [
        tenant,
        id,
        name,
        new Date().toISOString(),
      ]),
    );
    return id;
  };

  return {
    isShared: true,
    endpoint: endpoint.baseUrl,
    async openTenant() {
      const tenant = await addTenant(database);
      const people = new Map<string, Promise<string>>();
      const hosts = new Map<string, Promise<TenantHost>>();
      const hostOf = (process: 'here' | 'elsewhere'): Promise<TenantHost> => {
        const host = hosts.get(process) ?? servers[process].open(tenant);
        hosts.set(process, host);
        return host;
      };
      return {
        async join(person, process = 'here') {
          const id = people.get(person) ?? addPerson(tenant, person);
          people.set(person, id);
          return (await hostOf(process)).join(await id, `${person} ${process}`);
        },
        session: async () => (await hostOf('here')).session,
        async close() {
          for (const host of hosts.values()) await (await host).close();
        },
      };
    },
    async close() {
      for (const server of Object.values(servers)) await server.close();
      await endpoint.close();
      await database.drop();
    },
  };
}
