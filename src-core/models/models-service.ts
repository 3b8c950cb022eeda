import type { contract } from '../contract/index.ts';
import { readableText } from '../contract/message-texts.ts';
import type { Model } from '../contract/models.ts';
import type { ChatMessage, Device, Ports } from '../ports.ts';
import { AppError } from '../scope/errors.ts';
import type { Reader, Session } from '../scope/scope.ts';
import type { ServiceOf } from '../scope/service.ts';
import { storedTexts } from '../tables/stored-fields.ts';
import { endpoints } from './endpoints.ts';
import { localModels } from './local-models.ts';
import {
  findModel,
  isModelId,
  type ModelPorts,
  type RemoteRow,
  requireLocal,
  toLocalModel,
  toLocalTarget,
  toRemoteModel,
} from './model-rows.ts';
import { remoteModels } from './remote-models.ts';

export type ModelsService = ServiceOf<typeof contract.models>;

/** Rough averages, used where no tokenizer is at hand. */
const estimate = { charactersPerToken: 4, tokensAroundMessage: 4 };

function estimateTokens(messages: readonly Pick<ChatMessage, 'content'>[]) {
  const counts = messages.map(({ content }) => Math.ceil(readableText(content).length / estimate.charactersPerToken));
  const total = counts.reduce((sum, count) => sum + count + estimate.tokensAroundMessage, 0);
  return { counts, total, exact: false };
}

/** A local model reads text alone, so that is what is counted. */
function textsOf(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.map(({ role, content }) => ({ role, content: readableText(content) }));
}

export function createModelsService(ports: Ports): ModelsService {
  const { device, local, notices } = ports;
  return {
    ...localModels(ports),
    ...endpoints(ports),
    ...remoteModels(ports),
    list: (_, session) => listModels(ports, session),
    get: ({ id }, session) => findModel(ports, session, id),
    async remove({ id }, session) {
      const model = await findModel(ports, session, id);
      if (model.kind === 'local') {
        await removeLocal(ports, id);
        notices.publish('models', [id], session.actor.clientId);
      } else
        await session.write(async (scope) => {
          const { numDeletedRows } = await scope.db
            .deleteFrom('remote_models')
            .where('id', '=', id)
            .executeTakeFirstOrThrow();
          if (numDeletedRows > 0n) scope.audit({ action: 'model.remove', subject: id });
          scope.changed('models', id, 'removed');
        });
      return { ok: true };
    },
    async countTokens({ id, messages }, session) {
      const model = await findModel(ports, session, id);
      if (model.kind === 'local' && local.state(id).kind === 'ready') {
        const target = toLocalTarget(await requireLocal(device, id));
        const { counts, total } = await local.countTokens(target, textsOf(messages));
        return { counts: [...counts], total, exact: true };
      }
      return estimateTokens(messages);
    },
  };
}

/** Built-in models first, then local, then remote ones by endpoint. */
export async function listModels(ports: ModelPorts, session: Session): Promise<Model[]> {
  const locals = await ports.device
    .selectFrom('local_models')
    .selectAll()
    .orderBy('built_in', 'desc')
    .orderBy('id')
    .execute();
  const remotes = await session.read(readRemotes);
  return [
    ...locals.filter((row) => isModelId(row.id)).map((row) => toLocalModel(ports, row)),
    ...(await describeRemotes(ports.device, remotes)),
  ];
}

function readRemotes({ db }: Reader) {
  return db
    .selectFrom('remote_models')
    .innerJoin('endpoints', 'endpoints.id', 'remote_models.endpoint_id')
    .selectAll('remote_models')
    .select('endpoints.name as endpoint')
    .orderBy('endpoints.added_at')
    .orderBy('remote_models.id')
    .execute();
}

async function describeRemotes(
  device: Device,
  rows: readonly (RemoteRow & { readonly endpoint: string })[],
): Promise<Model[]> {
  if (rows.length === 0) return [];
  const refusals = await device.selectFrom('refused_fields').select(['model_id', 'fields']).execute();
  const refusedBy = new Map(refusals.map(({ model_id, fields }) => [model_id, fields]));
  return rows
    .filter((row) => isModelId(row.id))
    .map((row) => toRemoteModel({ ...row, refused: storedTexts(refusedBy.get(row.id)) }, row.endpoint));
}

async function removeLocal({ device, local, machine }: ModelPorts, id: string): Promise<void> {
  const row = await requireLocal(device, id);
  if (row.built_in) throw new AppError('denied', `"${row.title}" is built in and cannot be removed.`);
  await local.unload(id);
  await device.deleteFrom('local_models').where('id', '=', id).execute();
  if (row.managed) await machine.deleteManagedFile(row.path);
}
