import type { Device, Ports } from '../ports.ts';
import { storedTexts } from '../tables/stored-fields.ts';

/** What the endpoint of a model refused, as it was learned. */
export async function refusedBy(device: Device, modelId: string): Promise<readonly string[]> {
  const row = await device
    .selectFrom('refused_fields')
    .select('fields')
    .where('model_id', '=', modelId)
    .executeTakeFirst();
  return storedTexts(row?.fields);
}

interface Refusal {
  readonly modelId: string;
  readonly endpointId: string;
  readonly fields: readonly string[];
}

/** Keeps what an endpoint refused, so that it is not sent again after a restart either. */
export async function rememberRefused(
  { device, notices }: Pick<Ports, 'device' | 'notices'>,
  { modelId, endpointId, fields }: Refusal,
): Promise<void> {
  const text = JSON.stringify(fields);
  await device
    .insertInto('refused_fields')
    .values({ model_id: modelId, endpoint_id: endpointId, fields: text })
    .onConflict((conflict) => conflict.column('model_id').doUpdateSet({ fields: text }))
    .execute();
  notices.publish('models', [modelId]);
}

/** Forgets what was refused by a model, or by all models of an endpoint. */
export async function forgetRefused(
  device: Device,
  whose: { readonly modelId: string } | { readonly endpointId: string },
): Promise<void> {
  const rows = device.deleteFrom('refused_fields');
  await ('modelId' in whose
    ? rows.where('model_id', '=', whose.modelId)
    : rows.where('endpoint_id', '=', whose.endpointId)
  ).execute();
}
