import type { Selectable } from 'kysely';
import type { Endpoint, LocalModel, Model, RemoteModel } from '../contract/models.ts';
import type { Core } from '../core.ts';
import type { EndpointsTable, LocalModelsTable, RemoteModelsTable } from '../database/tables.ts';
import { AppError } from '../errors.ts';
import type { Database, GgufInfo, GpuChoice, LocalTarget, RemoteTarget } from '../ports.ts';
import { endpointDefaults } from './endpoint-defaults.ts';
import { listPrice } from './prices.ts';
import { refusedBy } from './refused-fields.ts';

export type LocalRow = Selectable<LocalModelsTable>;
export type EndpointRow = Selectable<EndpointsTable>;
export type RemoteRow = Selectable<RemoteModelsTable>;
/** A remote model with what its endpoint refused. */
export type RemoteRowWithRefusals = RemoteRow & { readonly refused: readonly string[] };

export function toLocalModel(core: Core, row: LocalRow): LocalModel {
  const info = JSON.parse(row.info) as GgufInfo;
  return {
    kind: 'local',
    id: row.id,
    title: row.title,
    builtIn: row.built_in === 1,
    path: row.path,
    sizeBytes: info.sizeBytes,
    sha256: row.sha256,
    architecture: info.architecture,
    parameters: info.parameters,
    quantisation: info.quantisation,
    contextLength: info.contextLength,
    chatTemplate: info.chatTemplate,
    license: info.license,
    contextSize: row.context_size,
    gpu: row.gpu as GpuChoice,
    threads: row.threads,
    memory: core.local.estimate(info, row.context_size),
    present: core.machine.fileExists(row.path),
    state: core.local.state(row.id),
    addedAt: row.added_at,
  };
}

export function toRemoteModel(row: RemoteRowWithRefusals, endpoint: string): RemoteModel {
  return {
    kind: 'remote',
    id: row.id,
    title: row.title,
    endpoint,
    model: row.model,
    price: row.price === null ? null : JSON.parse(row.price),
    contextLength: row.context_length,
    neverSend: JSON.parse(row.never_send),
    refused: [...row.refused],
    addedAt: row.added_at,
  };
}

export async function toEndpoint(core: Core, row: EndpointRow): Promise<Endpoint> {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    baseUrl: row.base_url,
    preset: row.preset,
    maxConcurrency: row.max_concurrency,
    timeoutMs: row.timeout_ms,
    idleTimeoutMs: idleTimeoutOf(row),
    maxRetries: row.max_retries,
    key: await core.secrets.describe(secretName(row.id)),
    keyEnv: row.key_env,
    addedAt: row.added_at,
  };
}

/** The name that an endpoint's key has in the key store. */
export function secretName(endpointId: string): string {
  return `endpoint-${endpointId}`;
}

/** Throws `not_found` for an id that means nothing here. */
export async function findModel(core: Core, id: string): Promise<Model> {
  const local = await core.database.selectFrom('local_models').selectAll().where('id', '=', id).executeTakeFirst();
  if (local) return toLocalModel(core, local);
  const { endpoint, row } = await findRemote(core, id);
  return toRemoteModel(row, endpoint.name);
}

/** A remote model by id: one that was added, or any model of an endpoint that was, named as `<endpoint>/<model>`. */
export async function findRemote(
  core: Core,
  id: string,
): Promise<{ endpoint: EndpointRow; row: RemoteRowWithRefusals }> {
  const [name = '', ...rest] = id.split('/');
  const endpoint = await core.database.selectFrom('endpoints').selectAll().where('name', '=', name).executeTakeFirst();
  const model = rest.join('/');
  if (!endpoint || model === '') throw noSuchModel(id);
  const added = await core.database.selectFrom('remote_models').selectAll().where('id', '=', id).executeTakeFirst();
  const refused = await refusedBy(core.database, id);
  if (added) return { endpoint, row: { ...added, refused } };
  const price = listPrice(endpoint.base_url, model);
  const row = {
    id,
    endpoint_id: endpoint.id,
    model,
    title: model,
    price: price && JSON.stringify(price),
    context_length: null,
    never_send: '[]',
    refused,
    added_at: endpoint.added_at,
  };
  return { endpoint, row };
}

export function noSuchModel(id: string): AppError {
  return new AppError(
    'not_found',
    `There is no model "${id}". Add it in Models, or choose one of "promptdev models list".`,
    { model: id },
  );
}

export async function requireLocal(database: Database, id: string): Promise<LocalRow> {
  const row = await database.selectFrom('local_models').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw noSuchModel(id);
  return row;
}

export async function requireEndpoint(database: Database, id: string): Promise<EndpointRow> {
  const row = await database.selectFrom('endpoints').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row)
    throw new AppError('not_found', 'This endpoint no longer exists; it may have been removed in another window.', {
      id,
    });
  return row;
}

export function toLocalTarget(row: LocalRow): LocalTarget {
  const { id, path, sha256, threads } = row;
  return { id, path, sha256, contextSize: row.context_size, gpu: row.gpu as GpuChoice, threads };
}

/** The endpoint with its key, for a call that is about to be made. Throws `denied` when the key was given for another origin. */
export async function toRemoteTarget(core: Core, row: EndpointRow): Promise<Omit<RemoteTarget, 'model'>> {
  return {
    endpoint: row.name,
    baseUrl: row.base_url,
    apiKey: await keyOf(core, row),
    maxConcurrency: row.max_concurrency,
    timeoutMs: row.timeout_ms,
    idleTimeoutMs: idleTimeoutOf(row),
    neverSend: [],
    maxRetries: row.max_retries,
  };
}

function idleTimeoutOf(row: EndpointRow): number {
  return row.idle_timeout_ms ?? endpointDefaults(row.base_url, row.preset).idleTimeoutMs;
}

async function keyOf(core: Core, row: EndpointRow): Promise<string | null> {
  const { origin } = new URL(row.base_url);
  const fromEnvironment = row.key_env === null ? undefined : core.machine.environment(row.key_env);
  if (fromEnvironment === undefined) return core.secrets.get(secretName(row.id), origin);
  if (row.key_env_origin === origin) return fromEnvironment;
  throw new AppError(
    'denied',
    `The key in $${row.key_env} was given for ${row.key_env_origin ?? 'another address'} and is not sent to ${origin}; name the variable again for the new address.`,
    { endpoint: row.name },
  );
}
