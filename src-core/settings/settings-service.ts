import type { contract } from '../contract/index.ts';
import { defaultSettings, type Settings, settingsSchema } from '../contract/settings.ts';
import type { Json } from '../contract/shared.ts';
import type { Database } from '../ports.ts';
import type { ChangeFeed } from '../scope/changes.ts';
import type { ServiceOf } from '../scope/service.ts';
import { storedJson } from '../tables/stored-fields.ts';

export interface SettingsService extends ServiceOf<typeof contract.settings> {
  /** The settings for other services. */
  read(): Promise<Settings>;
}

/** Preferences are one row each, so that two windows changing different ones never overwrite each other. */
export function createSettingsService(database: Database, changes: ChangeFeed): SettingsService {
  const read = async (): Promise<Settings> => {
    const rows = await database.selectFrom('settings').selectAll().execute();
    // Each by itself: one that cannot be read is as if it had not been set, and the others stay.
    const stored = rows.flatMap(({ key, value }) => {
      const schema = Object.hasOwn(settingsSchema.shape, key) ? settingsSchema.shape[key as keyof Settings] : null;
      const parsed = schema?.safeParse(storedJson(value));
      return parsed?.success ? [[key, parsed.data] as const] : [];
    });
    return { ...defaultSettings, ...Object.fromEntries(stored) };
  };

  return {
    read,
    get: read,
    async update(input, call) {
      const rows = Object.entries(input)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => ({ key, value: JSON.stringify(value) }));
      if (rows.length > 0) {
        await database
          .insertInto('settings')
          .values(rows)
          .onConflict((conflict) =>
            conflict.column('key').doUpdateSet((excluded) => ({ value: excluded.ref('excluded.value') })),
          )
          .execute();
        changes.publish('settings', [], call.clientId);
      }
      return read();
    },
    async getState({ key }) {
      const row = await database.selectFrom('window_state').select('value').where('key', '=', key).executeTakeFirst();
      return (storedJson(row?.value) as Json | undefined) ?? null;
    },
    async setState({ key, value }) {
      const text = JSON.stringify(value);
      await database
        .insertInto('window_state')
        .values({ key, value: text })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
        .execute();
      return { ok: true };
    },
  };
}
