import type { Database } from '../ports.ts';
import type { Core } from '../scope/core.ts';
import { storedTexts } from '../tables/stored-fields.ts';

/** What the endpoint of a model refused, as it was learned. */
export async function refusedBy(database: Database, modelId: string): Promise<readonly string[]> {
  const row = await database
    .selectFrom('refused_fields')
    .select('fields')
    .where('model_id', '=', modelId)
    .executeTakeFirst();
  return storedTexts(row?.fields);
}

/** Keeps what an endpoint refused, so that it is not sent again after a restart either. */
export async function rememberRefused(
  core: Core,
  {
    modelId,
    endpointId,
    fields,
  }: { readonly modelId: string; readonly endpointId: string; readonly fields: readonly string[] },
): Promise<void> {
  await core.database
    .insertInto('refused_fields')
    .values({ model_id: modelId, endpoint_id: endpointId, fields: JSON.stringify(fields) })
    .onConflict((conflict) => conflict.column('model_id').doUpdateSet({ fields: JSON.stringify(fields) }))
    .execute();
  core.changes.publish('models', [modelId]);
}

/** Forgets what was refused by a model, or by all models of an endpoint. */
export async function forgetRefused(
  database: Database,
  whose: { readonly modelId: string } | { readonly endpointId: string },
): Promise<void> {
  const rows = database.deleteFrom('refused_fields');
  await ('modelId' in whose
    ? rows.where('model_id', '=', whose.modelId)
    : rows.where('endpoint_id', '=', whose.endpointId)
  ).execute();
}
