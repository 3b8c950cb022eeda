import type { ChangeFeed } from '../changes.ts';
import type { contract } from '../contract/index.ts';
import { defaultSettings, type Settings, settingsSchema } from '../contract/settings.ts';
import type { Database } from '../ports.ts';
import type { ServiceOf } from '../service.ts';

export interface SettingsService extends ServiceOf<typeof contract.settings> {
  /** The settings for other services. */
  read(): Promise<Settings>;
}

/** Preferences are one row each, so that two windows changing different ones never overwrite each other. */
export function createSettingsService(database: Database, changes: ChangeFeed): SettingsService {
  const read = async (): Promise<Settings> => {
    const rows = await database.selectFrom('settings').selectAll().execute();
    const stored = Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
    const parsed = settingsSchema.safeParse({ ...defaultSettings, ...stored });
    return parsed.success ? parsed.data : defaultSettings;
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
      return row ? JSON.parse(row.value) : null;
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
