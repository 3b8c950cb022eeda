import type { contract } from '../contract/index.ts';
import type { Price, RemoteModel } from '../contract/models.ts';
import type { Core } from '../scope/core.ts';
import { AppError } from '../scope/errors.ts';
import type { ServiceOf } from '../scope/service.ts';
import { findRemote, noSuchModel, toRemoteModel } from './model-rows.ts';
import { listPrice } from './prices.ts';
import { forgetRefused } from './refused-fields.ts';

type RemoteOperations = Pick<ServiceOf<typeof contract.models>, 'addRemote' | 'updateRemote' | 'forgetRefused'>;

/** Models of endpoints: which ones are used, and what is known of them. */
export function remoteModels(core: Core): RemoteOperations {
  const { database, changes } = core;

  return {
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
      return readRemote(core, id);
    },
    async updateRemote({ id, title, price, contextLength, neverSend }, { clientId }) {
      const row = await requireRemote(core, id);
      await database
        .updateTable('remote_models')
        .set({
          title: title ?? row.title,
          price: price === undefined ? row.price : price && JSON.stringify(dated(core, price)),
          context_length: contextLength === undefined ? row.context_length : contextLength,
          never_send: neverSend === undefined ? row.never_send : JSON.stringify([...new Set(neverSend)]),
        })
        .where('id', '=', id)
        .execute();
      changes.publish('models', [id], clientId);
      return readRemote(core, id);
    },
    async forgetRefused({ id }, { clientId }) {
      await findRemote(core, id);
      await forgetRefused(database, { modelId: id });
      changes.publish('models', [id], clientId);
      return readRemote(core, id);
    },
  };
}

async function readRemote(core: Core, id: string): Promise<RemoteModel> {
  const { row, endpoint } = await findRemote(core, id);
  return toRemoteModel(row, endpoint.name);
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
