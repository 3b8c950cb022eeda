import type { contract } from '../contract/index.ts';
import { offersPerPage } from '../contract/models.ts';
import type { Device, ModelOffer, Ports } from '../ports.ts';
import { AppError } from '../scope/errors.ts';
import { newId } from '../scope/ids.ts';
import type { Reader, Session, Writer } from '../scope/scope.ts';
import type { ServiceOf } from '../scope/service.ts';
import { isStoredId, storedText } from '../tables/stored-fields.ts';
import { endpointDefaults } from './endpoint-defaults.ts';
import { type EndpointRow, secretName, toEndpoint, toRemoteTarget, variableOf } from './model-rows.ts';
import { createOffers, priced, search, toCheck } from './offers.ts';
import { forgetRefused } from './refused-fields.ts';

type Models = ServiceOf<typeof contract.models>;
type EndpointOperations = Pick<
  Models,
  'listEndpoints' | 'addEndpoint' | 'updateEndpoint' | 'removeEndpoint' | 'checkEndpoint' | 'listOffers'
>;
type AddInput = Parameters<Models['addEndpoint']>[0];
type Changes = Parameters<Models['updateEndpoint']>[0]['changes'];

/** First segments of model ids that mean something else. */
const reservedNames: readonly string[] = ['starter', 'starter-q8', 'local'];

export async function listEndpoints(ports: Pick<Ports, 'device' | 'secrets'>, session: Session) {
  const rows = await session.read(({ db }) => db.selectFrom('endpoints').selectAll().orderBy('added_at').execute());
  return Promise.all(rows.filter((row) => isStoredId(row.id)).map((row) => toEndpoint(ports, row)));
}

export function endpoints(ports: Ports): EndpointOperations {
  const { device, secrets, remote, clock } = ports;
  const offers = createOffers(clock);

  /** Asks a stored endpoint for its models and keeps them. */
  async function check(row: EndpointRow) {
    const result = await remote.check(await toRemoteTarget(ports, row));
    if (result.kind === 'ok') offers.keep(row.id, result.models);
    return result;
  }

  async function knownKeys(id: string): Promise<KnownKeys> {
    return {
      key: (await secrets.describe(secretName(id))) !== null,
      variable: (await variableOf(device, id))?.variable ?? null,
    };
  }

  async function offersOf(row: EndpointRow): Promise<readonly ModelOffer[]> {
    const known = offers.recent(row.id);
    if (known !== null) return known;
    const result = await check(row);
    if (result.kind === 'failed') throw new AppError('unavailable', result.message, { problem: result.problem });
    return result.models;
  }

  return {
    listEndpoints: (_, session) => listEndpoints(ports, session),
    async addEndpoint(input, session) {
      const row = await session.write(async (scope) => {
        const inserted = await insertEndpoint(scope, input);
        const keys: KeyChanges = { key: input.key, variable: input.keyEnv ?? undefined };
        auditKeys(scope, inserted, keys, { key: false, variable: null });
        return inserted;
      });
      // The key last: where it cannot be kept, nothing half-done stays behind.
      try {
        if (input.keyEnv) await bindVariable(device, row.id, input.keyEnv, originOf(row.base_url));
        if (input.key) await secrets.set(secretName(row.id), originOf(row.base_url), input.key);
      } catch (error) {
        await session.write((scope) => deleteEndpoint(scope, row));
        throw error;
      }
      if (input.key || input.keyEnv) await tellAgain(session, row.id);
      return toEndpoint(ports, row);
    },
    async updateEndpoint({ id, changes, key }, session) {
      const before = await session.read((scope) => requireEndpoint(scope, id));
      const to = originOf(changed(before, changes).base_url);
      // A key stays with its origin, and so does the variable of one.
      const unsaid = originOf(before.base_url) === to ? undefined : null;
      const keys: KeyChanges = {
        key: key === undefined ? unsaid : key,
        variable: changes.keyEnv === undefined ? unsaid : changes.keyEnv,
      };
      const known = await knownKeys(id);
      // First what was done and by whom, so that no key changes without it.
      const after = await session.write(async (scope) => {
        const current = await requireEndpoint(scope, id);
        // Where the key goes was decided by the address; of the rest only what was asked for changes.
        if (current.base_url !== before.base_url) throw changedMeanwhile(before);
        const next = changed(current, changes);
        await updateEndpoint(scope, current, next);
        auditKeys(scope, next, keys, known);
        return next;
      });
      if (keys.key === null) await secrets.delete(secretName(id));
      if (keys.key) await secrets.set(secretName(id), to, keys.key);
      if (keys.variable !== undefined) await bindVariable(device, id, keys.variable, to);
      if (before.base_url !== after.base_url) {
        // Another address may be another server.
        await forgetRefused(device, { endpointId: id });
        offers.forget(id);
      }
      if (before.base_url !== after.base_url || keys.key !== undefined || keys.variable !== undefined)
        await tellAgain(session, id);
      return toEndpoint(ports, after);
    },
    async removeEndpoint({ id }, session) {
      const known = await knownKeys(id);
      await session.write(async (scope) => {
        const row = await requireEndpoint(scope, id);
        auditKeys(scope, row, { key: null, variable: null }, known);
        await deleteEndpoint(scope, row);
      });
      await forgetRefused(device, { endpointId: id });
      await bindVariable(device, id, null, '');
      await secrets.delete(secretName(id));
      offers.forget(id);
      return { ok: true };
    },
    async checkEndpoint(input, session) {
      if ('id' in input) {
        const row = await session.read((scope) => requireEndpoint(scope, input.id));
        return toCheck(clock, row.base_url, await check(row), offersPerPage);
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
      return toCheck(clock, baseUrl, await remote.check(target), offersPerPage);
    },
    async listOffers({ id, query, offset, limit }, session) {
      const row = await session.read((scope) => requireEndpoint(scope, id));
      const all = await offersOf(row);
      const matching = await search(all, query);
      const page = matching.slice(offset, offset + limit);
      return { models: priced(clock, row.base_url, page), matching: matching.length, total: all.length };
    },
  };
}

async function insertEndpoint(scope: Writer, input: AddInput): Promise<EndpointRow> {
  if (reservedNames.includes(input.name))
    throw new AppError(
      'invalid',
      `"${input.name}" is reserved for built-in models. Choose another name for the endpoint.`,
    );
  const taken = scope.db.selectFrom('endpoints').select('id').where('name', '=', input.name);
  if (await taken.executeTakeFirst())
    throw new AppError('conflict', `There is already an endpoint named "${input.name}". Choose another name.`);
  const baseUrl = trimUrl(input.baseUrl);
  const defaults = endpointDefaults(baseUrl, input.preset);
  const row: EndpointRow = {
    id: newId(),
    name: input.name,
    title: input.title || input.name,
    base_url: baseUrl,
    preset: input.preset,
    max_concurrency: input.maxConcurrency ?? defaults.maxConcurrency,
    timeout_ms: input.timeoutMs ?? defaults.timeoutMs,
    idle_timeout_ms: input.idleTimeoutMs ?? null,
    max_retries: input.maxRetries ?? defaults.maxRetries,
    added_at: scope.now,
  };
  await scope.db.insertInto('endpoints').values(row).execute();
  scope.audit({ action: 'endpoint.add', subject: row.id, details: { name: row.name, baseUrl: auditedUrl(baseUrl) } });
  scope.changed('models', row.id);
  return row;
}

async function updateEndpoint(scope: Writer, before: EndpointRow, after: EndpointRow): Promise<void> {
  const { numUpdatedRows } = await scope.db
    .updateTable('endpoints')
    .set(after)
    .where('id', '=', before.id)
    .where('base_url', '=', before.base_url)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw changedMeanwhile(before);
  const { id: subject, name, base_url: from } = before;
  if (from !== after.base_url)
    scope.audit({
      action: 'endpoint.move',
      subject,
      details: { name, from: auditedUrl(from), to: auditedUrl(after.base_url) },
    });
  const changes = auditedFields.filter((field) => before[field] !== after[field]);
  if (changes.length > 0) {
    const details = changes.map((field) => [field, { from: before[field], to: after[field] }] as const);
    scope.audit({ action: 'endpoint.change', subject, details: { name, ...Object.fromEntries(details) } });
  }
  scope.changed('models', before.id);
}

function changedMeanwhile({ id, name }: EndpointRow): AppError {
  return new AppError('conflict', `The endpoint "${name}" was changed or removed by somebody else just now.`, { id });
}

/** Without a query, in which a key may stand. */
function auditedUrl(url: unknown): string {
  return storedText(url).replace(/[?#].*$/s, '');
}

/** What can be changed of an endpoint, beside its address and its key. */
const auditedFields = ['title', 'max_concurrency', 'timeout_ms', 'idle_timeout_ms', 'max_retries'] as const;

/** Null takes it away, undefined leaves it. */
interface KeyChanges {
  readonly key: string | null | undefined;
  readonly variable: string | null | undefined;
}

interface KnownKeys {
  readonly key: boolean;
  readonly variable: string | null;
}

/** Where a key may go and the name of its variable; never the key, nor any part of it. */
function auditKeys(scope: Writer, row: EndpointRow, { key, variable }: KeyChanges, known: KnownKeys): void {
  const { id: subject, name: endpoint } = row;
  const origin = originOf(row.base_url);
  if (key) scope.audit({ action: 'key.set', subject, details: { endpoint, origin } });
  if (key === null && known.key) scope.audit({ action: 'key.remove', subject, details: { endpoint } });
  if (variable) scope.audit({ action: 'key.set', subject, details: { endpoint, origin, variable } });
  if (variable === null && known.variable !== null)
    scope.audit({ action: 'key.remove', subject, details: { endpoint, variable: known.variable } });
}

async function deleteEndpoint(scope: Writer, { id, name, base_url }: EndpointRow): Promise<void> {
  await scope.db.deleteFrom('remote_models').where('endpoint_id', '=', id).execute();
  await scope.db.deleteFrom('endpoints').where('id', '=', id).execute();
  scope.audit({ action: 'endpoint.remove', subject: id, details: { name, baseUrl: auditedUrl(base_url) } });
  scope.changed('models', id, 'removed');
}

/** Whoever read the endpoint when its row changed may have seen the key, or the refusals, of before. */
function tellAgain(session: Session, id: string): Promise<void> {
  return session.write(async (scope) => scope.changed('models', id));
}

async function requireEndpoint({ db }: Reader, id: string): Promise<EndpointRow> {
  const row = await db.selectFrom('endpoints').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row)
    throw new AppError('not_found', 'This endpoint no longer exists; it may have been removed in another window.', {
      id,
    });
  return row;
}

/** Remembers where the key is read from, and where alone it may go; null forgets it. */
async function bindVariable(device: Device, id: string, variable: string | null, origin: string): Promise<void> {
  if (variable === null) {
    await device.deleteFrom('endpoint_variables').where('endpoint_id', '=', id).execute();
    return;
  }
  if ((await variableOf(device, id)) === null)
    await device.insertInto('endpoint_variables').values({ endpoint_id: id, variable, origin }).execute();
  else await device.updateTable('endpoint_variables').set({ variable, origin }).where('endpoint_id', '=', id).execute();
}

/** The row with the changes that a person made. */
function changed(before: EndpointRow, patch: Changes): EndpointRow {
  return {
    ...before,
    title: patch.title ?? before.title,
    base_url: patch.baseUrl === undefined ? before.base_url : trimUrl(patch.baseUrl),
    max_concurrency: patch.maxConcurrency ?? before.max_concurrency,
    timeout_ms: patch.timeoutMs ?? before.timeout_ms,
    idle_timeout_ms: patch.idleTimeoutMs ?? before.idle_timeout_ms,
    max_retries: patch.maxRetries ?? before.max_retries,
  };
}

function trimUrl(url: string): string {
  return url.replace(/\/+$/, '');
}

function originOf(url: string): string {
  return new URL(url).origin;
}
