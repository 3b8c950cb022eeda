import type { Selectable } from 'kysely';
import {
  type Endpoint,
  type GpuChoice,
  gpuChoices,
  type LocalModel,
  longestWaitMs,
  type Model,
  modelIdSchema,
  type Price,
  priceSchema,
  type RemoteModel,
} from '../contract/models.ts';
import type { Device, GgufInfo, LocalTarget, Ports, RemoteTarget } from '../ports.ts';
import { AppError } from '../scope/errors.ts';
import type { Reader, Session } from '../scope/scope.ts';
import type { LocalModelsTable } from '../tables/device.ts';
import {
  storedJson,
  storedObject,
  storedText,
  storedTextOrNull,
  storedTexts,
  storedWhole,
} from '../tables/stored-fields.ts';
import type { EndpointsTable, RemoteModelsTable } from '../tables/workspace.ts';
import { type EndpointDefaults, endpointDefaults } from './endpoint-defaults.ts';
import { listPrice } from './prices.ts';
import { refusedBy } from './refused-fields.ts';

export type LocalRow = Selectable<LocalModelsTable>;
export type EndpointRow = Selectable<EndpointsTable>;
export type RemoteRow = Selectable<RemoteModelsTable>;
/** A remote model with what its endpoint refused. */
export type RemoteRowWithRefusals = RemoteRow & { readonly refused: readonly string[] };

/** A row whose id is none cannot be asked for. */
export function isModelId(id: unknown): boolean {
  return modelIdSchema.safeParse(id).success;
}

/** What is stored of a model's file; what cannot be read is 0 or '', which the next inspection puts right. */
export function readInfo(row: Pick<LocalRow, 'info' | 'path' | 'sha256'>): GgufInfo {
  const info = storedObject(row.info);
  const figure = (name: keyof GgufInfo) => storedWhole(info[name], 0);
  return {
    path: storedText(info.path) || storedText(row.path),
    sizeBytes: figure('sizeBytes'),
    sha256: storedText(info.sha256) || storedText(row.sha256),
    name: storedTextOrNull(info.name),
    architecture: storedText(info.architecture),
    parameters: figure('parameters'),
    quantisation: storedText(info.quantisation),
    contextLength: figure('contextLength'),
    chatTemplate: storedTextOrNull(info.chatTemplate),
    blockCount: figure('blockCount'),
    embeddingLength: figure('embeddingLength'),
    headCount: figure('headCount'),
    headCountKv: figure('headCountKv'),
    ...(Number.isSafeInteger(info.headLength) && { headLength: figure('headLength') }),
    vocabularySize: figure('vocabularySize'),
    license: storedTextOrNull(info.license),
  };
}

/** A stored price, or null when none can be read. */
export function readPrice(text: unknown): Price | null {
  const price = priceSchema.safeParse(storedJson(text));
  return price.success ? price.data : null;
}

export function toLocalModel({ local, machine }: Pick<Ports, 'local' | 'machine'>, row: LocalRow): LocalModel {
  const info = readInfo(row);
  const { path, contextSize } = toLocalTarget(row);
  return {
    kind: 'local',
    id: row.id,
    title: storedText(row.title),
    builtIn: row.built_in === 1,
    path,
    sizeBytes: info.sizeBytes,
    sha256: storedText(row.sha256),
    architecture: info.architecture,
    parameters: info.parameters,
    quantisation: info.quantisation,
    contextLength: info.contextLength,
    chatTemplate: info.chatTemplate,
    license: info.license,
    contextSize,
    gpu: readGpu(row.gpu),
    threads: storedWhole(row.threads, null, 1),
    memory: local.estimate(info, contextSize),
    present: machine.fileExists(path),
    state: local.state(row.id),
    addedAt: storedText(row.added_at),
  };
}

export function toRemoteModel(row: RemoteRowWithRefusals, endpoint: string): RemoteModel {
  return {
    kind: 'remote',
    id: row.id,
    title: storedText(row.title),
    endpoint: storedText(endpoint),
    model: storedText(row.model),
    price: readPrice(row.price),
    contextLength: storedWhole(row.context_length, null),
    neverSend: storedTexts(row.never_send),
    refused: [...row.refused],
    addedAt: storedText(row.added_at),
  };
}

/** An endpoint with what this device knows of its key. */
export async function toEndpoint(
  { device, secrets }: Pick<Ports, 'device' | 'secrets'>,
  row: EndpointRow,
): Promise<Endpoint> {
  return {
    id: row.id,
    name: storedText(row.name),
    title: storedText(row.title),
    baseUrl: storedText(row.base_url),
    preset: storedTextOrNull(row.preset),
    ...limitsOf(row),
    key: await secrets.describe(secretName(row.id)),
    keyEnv: (await variableOf(device, row.id))?.variable ?? null,
    addedAt: storedText(row.added_at),
  };
}

/** The environment variable that holds an endpoint's key on this device. */
export async function variableOf(
  device: Device,
  endpointId: string,
): Promise<{ readonly variable: string; readonly origin: string | null } | null> {
  const rows = device.selectFrom('endpoint_variables').select(['variable', 'origin']);
  return (await rows.where('endpoint_id', '=', endpointId).executeTakeFirst()) ?? null;
}

/** The name that an endpoint's key has in the key store. */
export function secretName(endpointId: string): string {
  return `endpoint-${endpointId}`;
}

/** Throws `not_found` for an id that means nothing here. */
export async function findModel(ports: ModelPorts, session: Session, id: string): Promise<Model> {
  const local = await ports.device.selectFrom('local_models').selectAll().where('id', '=', id).executeTakeFirst();
  if (local) return toLocalModel(ports, local);
  const { endpoint, row } = await findRemote(ports, session, id);
  return toRemoteModel(row, endpoint.name);
}

export type ModelPorts = Pick<Ports, 'device' | 'local' | 'machine'>;

/** A remote model by id: one that was added, or any model of an endpoint that was, named as `<endpoint>/<model>`. */
export async function findRemote(
  { device }: Pick<Ports, 'device'>,
  session: Session,
  id: string,
): Promise<{ endpoint: EndpointRow; row: RemoteRowWithRefusals }> {
  const [name = '', ...rest] = id.split('/');
  const model = rest.join('/');
  const found = model === '' ? null : await session.read((scope) => readRemote(scope, id, name));
  if (found === null) throw noSuchModel(id);
  const { endpoint, added } = found;
  const refused = await refusedBy(device, id);
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

async function readRemote({ db }: Reader, id: string, name: string) {
  const endpoint = await db.selectFrom('endpoints').selectAll().where('name', '=', name).executeTakeFirst();
  if (!endpoint) return null;
  const added = await db.selectFrom('remote_models').selectAll().where('id', '=', id).executeTakeFirst();
  return { endpoint, added };
}

export function noSuchModel(id: string): AppError {
  return new AppError(
    'not_found',
    `There is no model "${id}". Add it in Models, or choose one of "promptdev models list".`,
    { model: id },
  );
}

export async function requireLocal(device: Device, id: string): Promise<LocalRow> {
  const row = await device.selectFrom('local_models').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw noSuchModel(id);
  return row;
}

export function toLocalTarget(row: LocalRow): LocalTarget {
  return {
    id: row.id,
    path: storedText(row.path),
    sha256: storedText(row.sha256),
    contextSize: storedWhole(row.context_size, null, 1),
    gpu: readGpu(row.gpu),
    threads: storedWhole(row.threads, null, 1),
  };
}

function readGpu(gpu: unknown): GpuChoice {
  return gpuChoices.find((choice) => choice === gpu) ?? 'auto';
}

/** The endpoint with its key, for a call that is about to be made. Throws `denied` when the key was given for another origin. */
export async function toRemoteTarget(ports: KeyPorts, row: EndpointRow): Promise<Omit<RemoteTarget, 'model'>> {
  return {
    endpoint: row.name,
    baseUrl: row.base_url,
    apiKey: await keyOf(ports, row),
    ...limitsOf(row),
    neverSend: [],
  };
}

type KeyPorts = Pick<Ports, 'device' | 'secrets' | 'machine'>;

/** How an endpoint is asked, within what the contract allows; what cannot be read is as for a new one. */
function limitsOf(row: EndpointRow): EndpointDefaults {
  const defaults = endpointDefaults(storedText(row.base_url), storedTextOrNull(row.preset));
  const wait = (value: unknown, fallback: number) => storedWhole(value, fallback, 1_000, longestWaitMs);
  return {
    maxConcurrency: storedWhole(row.max_concurrency, defaults.maxConcurrency, 1, 256),
    timeoutMs: wait(row.timeout_ms, defaults.timeoutMs),
    idleTimeoutMs: wait(row.idle_timeout_ms, defaults.idleTimeoutMs),
    maxRetries: storedWhole(row.max_retries, defaults.maxRetries, 0, 10),
  };
}

async function keyOf({ device, secrets, machine }: KeyPorts, row: EndpointRow): Promise<string | null> {
  if (!URL.canParse(row.base_url))
    throw new AppError(
      'invalid',
      `The address of ${row.name}, "${row.base_url}", is no URL; enter it again in Models.`,
      { endpoint: row.name },
    );
  const { origin } = new URL(row.base_url);
  const known = await variableOf(device, row.id);
  const value = known === null ? undefined : machine.environment(known.variable);
  if (known === null || value === undefined) return secrets.get(secretName(row.id), origin);
  if (known.origin === origin) return value;
  throw new AppError(
    'denied',
    `The key in $${known.variable} was given for ${known.origin ?? 'another address'} and is not sent to ${origin}; name the variable again for the new address.`,
    { endpoint: row.name },
  );
}
