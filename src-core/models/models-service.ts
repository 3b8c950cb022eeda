import type { contract } from '../contract/index.ts';
import { readableText } from '../contract/message-texts.ts';
import type { Model } from '../contract/models.ts';
import type { ChatMessage, Database } from '../ports.ts';
import type { Core } from '../scope/core.ts';
import { AppError } from '../scope/errors.ts';
import type { ServiceOf } from '../scope/service.ts';
import { storedTexts } from '../tables/stored-fields.ts';
import { endpoints } from './endpoints.ts';
import { localModels } from './local-models.ts';
import { findModel, isModelId, requireLocal, toLocalModel, toLocalTarget, toRemoteModel } from './model-rows.ts';
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

export function createModelsService(core: Core): ModelsService {
  const { database, local, changes } = core;
  return {
    ...localModels(core),
    ...endpoints(core),
    ...remoteModels(core),
    list: () => listModels(core),
    get: ({ id }) => findModel(core, id),
    async remove({ id }, { clientId }) {
      const model = await findModel(core, id);
      if (model.kind === 'remote') await database.deleteFrom('remote_models').where('id', '=', id).execute();
      else await removeLocal(core, id);
      changes.publish('models', [id], clientId);
      return { ok: true };
    },
    async countTokens({ id, messages }) {
      const model = await findModel(core, id);
      if (model.kind === 'local' && local.state(id).kind === 'ready') {
        const target = toLocalTarget(await requireLocal(database, id));
        const { counts, total } = await local.countTokens(target, textsOf(messages));
        return { counts: [...counts], total, exact: true };
      }
      return estimateTokens(messages);
    },
  };
}

/** Built-in models first, then local, then remote ones by endpoint. */
export async function listModels(core: Pick<Core, 'database' | 'local' | 'machine'>): Promise<Model[]> {
  const locals = await core.database
    .selectFrom('local_models')
    .selectAll()
    .orderBy('built_in', 'desc')
    .orderBy('id')
    .execute();
  return [
    ...locals.filter((row) => isModelId(row.id)).map((row) => toLocalModel(core, row)),
    ...(await listRemote(core.database)),
  ];
}

async function listRemote(database: Database): Promise<Model[]> {
  const rows = await database
    .selectFrom('remote_models')
    .innerJoin('endpoints', 'endpoints.id', 'remote_models.endpoint_id')
    .leftJoin('refused_fields', 'refused_fields.model_id', 'remote_models.id')
    .selectAll('remote_models')
    .select(['endpoints.name as endpoint', 'refused_fields.fields as refused'])
    .orderBy('endpoints.added_at')
    .orderBy('remote_models.id')
    .execute();
  return rows
    .filter((row) => isModelId(row.id))
    .map((row) => toRemoteModel({ ...row, refused: storedTexts(row.refused) }, row.endpoint));
}

async function removeLocal(core: Core, id: string): Promise<void> {
  const row = await requireLocal(core.database, id);
  if (row.built_in) throw new AppError('denied', `"${row.title}" is built in and cannot be removed.`);
  await core.local.unload(id);
  await core.database.deleteFrom('local_models').where('id', '=', id).execute();
  if (row.managed) await core.machine.deleteManagedFile(row.path);
}
