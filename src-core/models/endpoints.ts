import type { contract } from '../contract/index.ts';
import { offersPerPage } from '../contract/models.ts';
import type { ModelOffer } from '../ports.ts';
import type { Core } from '../scope/core.ts';
import { AppError } from '../scope/errors.ts';
import type { ServiceOf } from '../scope/service.ts';
import { isStoredId } from '../tables/stored-fields.ts';
import { endpointDefaults } from './endpoint-defaults.ts';
import { type EndpointRow, requireEndpoint, secretName, toEndpoint, toRemoteTarget } from './model-rows.ts';
import { createOffers, priced, search, toCheck } from './offers.ts';
import { forgetRefused } from './refused-fields.ts';

type Models = ServiceOf<typeof contract.models>;
type EndpointOperations = Pick<
  Models,
  'listEndpoints' | 'addEndpoint' | 'updateEndpoint' | 'removeEndpoint' | 'checkEndpoint' | 'listOffers'
>;

/** First segments of model ids that mean something else. */
const reservedNames: readonly string[] = ['starter', 'starter-q8', 'local'];

export async function listEndpoints(core: Pick<Core, 'database' | 'secrets'>) {
  const rows = await core.database.selectFrom('endpoints').selectAll().orderBy('added_at').execute();
  return Promise.all(rows.filter((row) => isStoredId(row.id)).map((row) => toEndpoint(core, row)));
}

export function endpoints(core: Core): EndpointOperations {
  const { database, secrets, changes } = core;
  const offers = createOffers(core);

  /** Asks a stored endpoint for its models and keeps them. */
  async function check(row: EndpointRow) {
    const result = await core.remote.check(await toRemoteTarget(core, row));
    if (result.kind === 'ok') offers.keep(row.id, result.models);
    return result;
  }

  async function offersOf(row: EndpointRow): Promise<readonly ModelOffer[]> {
    const known = offers.recent(row.id);
    if (known !== null) return known;
    const result = await check(row);
    if (result.kind === 'failed') throw new AppError('unavailable', result.message, { problem: result.problem });
    return result.models;
  }

  return {
    listEndpoints: () => listEndpoints(core),
    async addEndpoint(input, { clientId }) {
      if (reservedNames.includes(input.name)) {
        throw new AppError(
          'invalid',
          `"${input.name}" is reserved for built-in models. Choose another name for the endpoint.`,
        );
      }
      const taken = await database
        .selectFrom('endpoints')
        .select('id')
        .where('name', '=', input.name)
        .executeTakeFirst();
      if (taken)
        throw new AppError('conflict', `There is already an endpoint named "${input.name}". Choose another name.`);
      const baseUrl = trimUrl(input.baseUrl);
      const defaults = endpointDefaults(baseUrl, input.preset);
      const row: EndpointRow = {
        id: crypto.randomUUID(),
        name: input.name,
        title: input.title || input.name,
        base_url: baseUrl,
        preset: input.preset,
        max_concurrency: input.maxConcurrency ?? defaults.maxConcurrency,
        timeout_ms: input.timeoutMs ?? defaults.timeoutMs,
        idle_timeout_ms: input.idleTimeoutMs ?? null,
        max_retries: input.maxRetries ?? defaults.maxRetries,
        key_env: input.keyEnv ?? null,
        key_env_origin: input.keyEnv ? originOf(baseUrl) : null,
        added_at: core.clock.now(),
      };
      if (input.key) await secrets.set(secretName(row.id), originOf(row.base_url), input.key);
      await database.insertInto('endpoints').values(row).execute();
      changes.publish('models', [], clientId);
      return toEndpoint(core, row);
    },
    async updateEndpoint({ id, changes: patch, key }, { clientId }) {
      const before = await requireEndpoint(database, id);
      const after = changed(before, patch);
      const moved = originOf(before.base_url) !== originOf(after.base_url);
      if (key === null || (moved && key === undefined)) await secrets.delete(secretName(id));
      if (key) await secrets.set(secretName(id), originOf(after.base_url), key);
      await database.updateTable('endpoints').set(after).where('id', '=', id).execute();
      if (before.base_url !== after.base_url) {
        // Another address may be another server.
        await forgetRefused(database, { endpointId: id });
        offers.forget(id);
      }
      changes.publish('models', [], clientId);
      return toEndpoint(core, after);
    },
    async removeEndpoint({ id }, { clientId }) {
      await requireEndpoint(database, id);
      await database.transaction().execute(async (trx) => {
        await trx.deleteFrom('remote_models').where('endpoint_id', '=', id).execute();
        await forgetRefused(trx, { endpointId: id });
        await trx.deleteFrom('endpoints').where('id', '=', id).execute();
      });
      await secrets.delete(secretName(id));
      offers.forget(id);
      changes.publish('models', [], clientId);
      return { ok: true };
    },
    async checkEndpoint(input) {
      if ('id' in input) {
        const row = await requireEndpoint(database, input.id);
        return toCheck(core, row.base_url, await check(row), offersPerPage);
      }
      const baseUrl = trimUrl(input.baseUrl);
      const target = {
        ...endpointDefaults(baseUrl, null),
        // It has no name yet; messages call it by its host.
        endpoint: /^https?:\/\/([^/?#]+)/.exec(baseUrl)?.[1] ?? baseUrl,
        baseUrl,
        apiKey: input.key ?? null,
        timeoutMs: 15_000,
        neverSend: [],
      };
      return toCheck(core, baseUrl, await core.remote.check(target), offersPerPage);
    },
    async listOffers({ id, query, offset, limit }) {
      const row = await requireEndpoint(database, id);
      const all = await offersOf(row);
      const matching = await search(all, query);
      const page = matching.slice(offset, offset + limit);
      return { models: priced(core, row.base_url, page), matching: matching.length, total: all.length };
    },
  };
}

/** The row with the changes that a person made; the variable of a key stays with its origin, as a stored key does. */
function changed(before: EndpointRow, patch: Parameters<Models['updateEndpoint']>[0]['changes']): EndpointRow {
  const baseUrl = patch.baseUrl === undefined ? before.base_url : trimUrl(patch.baseUrl);
  const keptVariable = originOf(before.base_url) === originOf(baseUrl) ? before.key_env : null;
  const keyEnv = patch.keyEnv === undefined ? keptVariable : patch.keyEnv;
  return {
    ...before,
    title: patch.title ?? before.title,
    base_url: baseUrl,
    max_concurrency: patch.maxConcurrency ?? before.max_concurrency,
    timeout_ms: patch.timeoutMs ?? before.timeout_ms,
    idle_timeout_ms: patch.idleTimeoutMs ?? before.idle_timeout_ms,
    max_retries: patch.maxRetries ?? before.max_retries,
    key_env: keyEnv,
    key_env_origin: keyEnv === null ? null : patch.keyEnv === undefined ? before.key_env_origin : originOf(baseUrl),
  };
}

function trimUrl(url: string): string {
  return url.replace(/\/+$/, '');
}

function originOf(url: string): string {
  return new URL(url).origin;
}
