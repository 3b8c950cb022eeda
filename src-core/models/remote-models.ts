import type { contract } from '../contract/index.ts';
import type { Price, RemoteModel } from '../contract/models.ts';
import type { Ports } from '../ports.ts';
import { AppError } from '../scope/errors.ts';
import type { Reader, Session } from '../scope/scope.ts';
import type { ServiceOf } from '../scope/service.ts';
import { findRemote, noSuchModel, toRemoteModel } from './model-rows.ts';
import { listPrice } from './prices.ts';
import { forgetRefused } from './refused-fields.ts';

type RemoteOperations = Pick<ServiceOf<typeof contract.models>, 'addRemote' | 'updateRemote' | 'forgetRefused'>;

/** Models of endpoints: which ones are used, and what is known of them. */
export function remoteModels(ports: Ports): RemoteOperations {
  return {
    async addRemote({ endpoint, model, title, price, contextLength }, session) {
      const id = await session.write(async (scope) => {
        const found = scope.db.selectFrom('endpoints').selectAll().where('name', '=', endpoint);
        const row = await found.executeTakeFirst();
        if (!row) throw new AppError('not_found', `There is no endpoint "${endpoint}". Add it first.`);
        const modelId = `${row.name}/${model}`;
        const known = price === undefined ? listPrice(row.base_url, model) : dated(scope, price);
        const { numInsertedOrUpdatedRows = 0n } = await scope.db
          .insertInto('remote_models')
          .values({
            id: modelId,
            endpoint_id: row.id,
            model,
            title: title || model,
            price: known === null ? null : JSON.stringify(known),
            context_length: contextLength ?? null,
            never_send: '[]',
            added_at: scope.now,
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirstOrThrow();
        if (numInsertedOrUpdatedRows > 0n)
          scope.audit({ action: 'model.add', subject: modelId, details: { price: known } });
        scope.changed('models', modelId);
        return modelId;
      });
      return describe(ports, session, id);
    },
    async updateRemote({ id, title, price, contextLength, neverSend }, session) {
      await session.write(async (scope) => {
        const row = await requireRemote(scope, id);
        await scope.db
          .updateTable('remote_models')
          .set({
            title: title ?? row.title,
            price: price === undefined ? row.price : price && JSON.stringify(dated(scope, price)),
            context_length: contextLength === undefined ? row.context_length : contextLength,
            never_send: neverSend === undefined ? row.never_send : JSON.stringify([...new Set(neverSend)]),
          })
          .where('id', '=', id)
          .execute();
        const changes = Object.entries({ title, price, contextLength, neverSend }).filter(
          ([, value]) => value !== undefined,
        );
        scope.audit({ action: 'model.change', subject: id, details: Object.fromEntries(changes) });
        scope.changed('models', id);
      });
      return describe(ports, session, id);
    },
    async forgetRefused({ id }, session) {
      await findRemote(ports, session, id);
      await forgetRefused(ports.device, { modelId: id });
      ports.notices.publish('models', [id], session.actor.clientId);
      return describe(ports, session, id);
    },
  };
}

async function describe(ports: Ports, session: Session, id: string): Promise<RemoteModel> {
  const { row, endpoint } = await findRemote(ports, session, id);
  return toRemoteModel(row, endpoint.name);
}

async function requireRemote({ db }: Reader, id: string) {
  const row = await db.selectFrom('remote_models').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw noSuchModel(id);
  return row;
}

/** A price without a source is one that a person typed in, today. */
function dated({ now }: Reader, price: Price | null): Price | null {
  return price?.source === undefined ? price && { ...price, source: 'person', asOf: now.slice(0, 10) } : price;
}
