import type { Price } from '../contract/models.ts';
import type { JsonObject } from '../contract/shared.ts';
import type { EngineEvent, GenerateRequest, Ports, RemoteTarget } from '../ports.ts';
import { AppError } from '../scope/errors.ts';
import { storedTexts } from '../tables/stored-fields.ts';
import { findRemote, readPrice, toLocalTarget, toRemoteTarget } from './model-rows.ts';
import { rememberRefused } from './refused-fields.ts';

/** A model that is ready to be asked, whichever kind it is. */
export interface ResolvedModel {
  readonly id: string;
  readonly kind: 'local' | 'remote';
  /** What exactly answers: stored with the run so that it can be repeated. */
  readonly identity: JsonObject;
  /** Zero for local models; null when no price is known. */
  readonly price: Price | null;
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<EngineEvent>;
}

/** Finds a model by id. Throws `not_found`, or `unavailable` when its file is gone. */
export async function resolveModel(ports: Ports, id: string): Promise<ResolvedModel> {
  const local = await ports.device.selectFrom('local_models').selectAll().where('id', '=', id).executeTakeFirst();
  if (local) {
    if (!ports.machine.fileExists(local.path)) {
      throw new AppError(
        'unavailable',
        `The file of "${id}" is no longer at ${local.path}. Put it back, or remove the model and add it again.`,
      );
    }
    const target = toLocalTarget(local);
    return {
      id,
      kind: 'local',
      identity: {
        kind: 'gguf',
        sha256: local.sha256,
        path: local.path,
        contextSize: local.context_size,
        threads: local.threads,
      },
      price: { inputPerMillion: 0, outputPerMillion: 0 },
      generate: (request, signal) => ports.local.generate(target, request, signal),
    };
  }
  const { endpoint, row: remote } = await findRemote(ports, ports.host, id);
  const target: RemoteTarget = {
    ...(await toRemoteTarget(ports, endpoint)),
    model: remote.model,
    neverSend: storedTexts(remote.never_send),
    refused: remote.refused,
    onRefused(fields) {
      rememberRefused(ports, { modelId: id, endpointId: endpoint.id, fields }).catch((error: unknown) =>
        ports.log.error(`What ${id} refused could not be kept.`, error),
      );
    },
  };
  return {
    id,
    kind: 'remote',
    identity: { kind: 'openai', baseUrl: endpoint.base_url, model: remote.model },
    price: readPrice(remote.price),
    generate: (request, signal) => ports.remote.generate(target, request, signal),
  };
}
