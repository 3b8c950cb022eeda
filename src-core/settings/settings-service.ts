import type { contract } from '../contract/index.ts';
import { defaultSettings, type Settings } from '../contract/settings.ts';
import type { Json } from '../contract/shared.ts';
import type { Ports } from '../ports.ts';
import { requirePermission } from '../scope/actor.ts';
import type { Session } from '../scope/scope.ts';
import type { ServiceOf } from '../scope/service.ts';
import { storedJson } from '../tables/stored-fields.ts';
import {
  entriesOf,
  placeOfSetting,
  readSharedSettings,
  readStored,
  writePersonSettings,
  writeWorkspaceSettings,
} from './stored-settings.ts';

export type SettingsService = ServiceOf<typeof contract.settings>;

type SettingsPorts = Pick<Ports, 'device' | 'notices'>;

/** All settings of a person on this device, in one. */
export async function readSettings({ device }: Pick<Ports, 'device'>, session: Session): Promise<Settings> {
  const ofDevice = await device.selectFrom('device_settings').select(['key', 'value']).execute();
  const shared = await session.read(readSharedSettings);
  return { ...defaultSettings, ...readStored(ofDevice), ...shared };
}

export function createSettingsService(ports: SettingsPorts): SettingsService {
  const { device, notices } = ports;
  return {
    get: (_, session) => readSettings(ports, session),
    async update(input, session) {
      const of = (place: (typeof placeOfSetting)[keyof Settings]): Partial<Settings> =>
        Object.fromEntries(Object.entries(input).filter(([key]) => placeOfSetting[key as keyof Settings] === place));
      const [ofWorkspace, ofPerson, ofDevice] = [of('workspace'), of('person'), entriesOf(of('device'))];
      if (entriesOf(ofWorkspace).length > 0) requirePermission(session.actor, 'manage', 'changing shared settings');
      if (entriesOf({ ...ofWorkspace, ...ofPerson }).length > 0)
        await session.write(async (scope) => {
          await writeWorkspaceSettings(scope, ofWorkspace);
          await writePersonSettings(scope, ofPerson);
        });
      for (const [key, value] of ofDevice)
        await device
          .insertInto('device_settings')
          .values({ key, value })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
          .execute();
      const keys = ofDevice.map(([key]) => key);
      if (keys.length > 0) notices.publish('settings', keys, session.actor.clientId);
      return readSettings(ports, session);
    },
    async getState({ key }) {
      const row = await device.selectFrom('window_state').select('value').where('key', '=', key).executeTakeFirst();
      return (storedJson(row?.value) as Json | undefined) ?? null;
    },
    async setState({ key, value }) {
      const text = JSON.stringify(value);
      await device
        .insertInto('window_state')
        .values({ key, value: text })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
        .execute();
      return { ok: true };
    },
  };
}
