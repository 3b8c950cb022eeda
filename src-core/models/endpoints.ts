import type { contract } from '../contract/index.ts';
import type { Price } from '../contract/models.ts';
import type { Core } from '../core.ts';
import { AppError } from '../errors.ts';
import type { EndpointCheck } from '../ports.ts';
import type { ServiceOf } from '../service.ts';
import {
  type EndpointRow,
  noSuchModel,
  requireEndpoint,
  secretName,
  toEndpoint,
  toRemoteModel,
  toRemoteTarget,
} from './model-rows.ts';
import { listPrice } from './prices.ts';

type Models = ServiceOf<typeof contract.models>;
type EndpointOperations = Pick<
  Models,
  'listEndpoints' | 'addEndpoint' | 'updateEndpoint' | 'removeEndpoint' | 'checkEndpoint' | 'addRemote' | 'updateRemote'
>;

const defaults = { maxConcurrency: 8, timeoutMs: 60_000, maxRetries: 3 };
/** First segments of model ids that mean something else. */
const reservedNames: readonly string[] = ['starter', 'starter-q8', 'local'];

export function endpoints(core: Core): EndpointOperations {
  const { database, secrets, changes } = core;

  return {
    async listEndpoints() {
      const rows = await database.selectFrom('endpoints').selectAll().orderBy('added_at').execute();
      return Promise.all(rows.map((row) => toEndpoint(core, row)));
    },
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
      const row: EndpointRow = {
        id: crypto.randomUUID(),
        name: input.name,
        title: input.title || input.name,
        base_url: trimUrl(input.baseUrl),
        preset: input.preset,
        max_concurrency: input.maxConcurrency ?? defaults.maxConcurrency,
        timeout_ms: input.timeoutMs ?? defaults.timeoutMs,
        idle_timeout_ms: null,
        max_retries: input.maxRetries ?? defaults.maxRetries,
        key_env: input.keyEnv ?? null,
        added_at: core.clock.now(),
      };
      if (input.key) await secrets.set(secretName(row.id), originOf(row.base_url), input.key);
      await database.insertInto('endpoints').values(row).execute();
      changes.publish('models', [], clientId);
      return toEndpoint(core, row);
    },
    async updateEndpoint({ id, changes: patch, key }, { clientId }) {
      const before = await requireEndpoint(database, id);
      const after: EndpointRow = {
        ...before,
        title: patch.title ?? before.title,
        base_url: patch.baseUrl === undefined ? before.base_url : trimUrl(patch.baseUrl),
        max_concurrency: patch.maxConcurrency ?? before.max_concurrency,
        timeout_ms: patch.timeoutMs ?? before.timeout_ms,
        max_retries: patch.maxRetries ?? before.max_retries,
        key_env: patch.keyEnv === undefined ? before.key_env : patch.keyEnv,
      };
      const moved = originOf(before.base_url) !== originOf(after.base_url);
      if (key === null || (moved && key === undefined)) await secrets.delete(secretName(id));
      if (key) await secrets.set(secretName(id), originOf(after.base_url), key);
      await database.updateTable('endpoints').set(after).where('id', '=', id).execute();
      changes.publish('models', [], clientId);
      return toEndpoint(core, after);
    },
    async removeEndpoint({ id }, { clientId }) {
      await requireEndpoint(database, id);
      await database.transaction().execute(async (trx) => {
        await trx.deleteFrom('remote_models').where('endpoint_id', '=', id).execute();
        await trx.deleteFrom('endpoints').where('id', '=', id).execute();
      });
      await secrets.delete(secretName(id));
      changes.publish('models', [], clientId);
      return { ok: true };
    },
    async checkEndpoint(input) {
      if ('id' in input) {
        const { model: _, ...target } = await toRemoteTarget(core, await requireEndpoint(database, input.id), '');
        return toCheck(core, target.baseUrl, await core.remote.check(target));
      }
      const { baseUrl, key } = input;
      const target = {
        ...defaults,
        // It has no name yet; messages call it by its host.
        endpoint: /^https?:\/\/([^/?#]+)/.exec(baseUrl)?.[1] ?? baseUrl,
        baseUrl: trimUrl(baseUrl),
        apiKey: key ?? null,
        timeoutMs: 15_000,
        idleTimeoutMs: 15_000,
        neverSend: [],
      };
      return toCheck(core, target.baseUrl, await core.remote.check(target));
    },
    async addRemote({ endpoint, model, title, price, contextLength }, { clientId }) {
      const row = await database.selectFrom('endpoints').selectAll().where('name', '=', endpoint).executeTakeFirst();
      if (!row) throw new AppError('not_found', `There is no endpoint "${endpoint}". Add it first.`);
      const id = `${row.name}/${model}`;
      const known = price === undefined ? listPrice(row.base_url, model) : dated(core, price);
      await database
        .insertInto('remote_models')
        .values({
          id,
          endpoint_id: row.id,
          model,
          title: title || model,
          price: known === null ? null : JSON.stringify(known),
          context_length: contextLength ?? null,
          added_at: core.clock.now(),
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      changes.publish('models', [id], clientId);
      return toRemoteModel(await requireRemote(core, id), row.name);
    },
    async updateRemote({ id, title, price, contextLength }, { clientId }) {
      const row = await requireRemote(core, id);
      await database
        .updateTable('remote_models')
        .set({
          title: title ?? row.title,
          price: price === undefined ? row.price : price && JSON.stringify(dated(core, price)),
          context_length: contextLength === undefined ? row.context_length : contextLength,
        })
        .where('id', '=', id)
        .execute();
      changes.publish('models', [id], clientId);
      const endpoint = await requireEndpoint(database, row.endpoint_id);
      return toRemoteModel(await requireRemote(core, id), endpoint.name);
    },
  };
}

/** With prices as of today where the endpoint states them, else from our list. */
function toCheck(core: Core, baseUrl: string, check: EndpointCheck) {
  if (check.kind === 'failed') return check;
  const asOf = core.clock.now().slice(0, 10);
  const models = check.models.map((offer) => ({
    ...offer,
    price: offer.price ? { ...offer.price, source: 'endpoint' as const, asOf } : listPrice(baseUrl, offer.model),
  }));
  return { ...check, models };
}

async function requireRemote(core: Core, id: string) {
  const row = await core.database.selectFrom('remote_models').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw noSuchModel(id);
  return row;
}

/** A price without a source is one that a person typed in, today. */
function dated(core: Core, price: Price | null): Price | null {
  return price?.source === undefined
    ? price && { ...price, source: 'person', asOf: core.clock.now().slice(0, 10) }
    : price;
}

function trimUrl(url: string): string {
  return url.replace(/\/+$/, '');
}

function originOf(url: string): string {
  return new URL(url).origin;
}
