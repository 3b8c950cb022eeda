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
  ofDevice,
  readSharedSettings,
  readStored,
  settingsOf,
  writePersonSettings,
  writeWorkspaceSettings,
} from './stored-settings.ts';

export type SettingsService = ServiceOf<typeof contract.settings>;

type SettingsPorts = Pick<Ports, 'device' | 'notices'>;

/** All settings of a person on this device, in one. */
export async function readSettings({ device }: Pick<Ports, 'device'>, session: Session): Promise<Settings> {
  const here = await device
    .selectFrom('device_settings')
    .select(['key', 'value'])
    .where('person_id', 'in', [ofDevice, session.actor.personId])
    .execute();
  const shared = await session.read(readSharedSettings);
  return { ...defaultSettings, ...readStored(here), ...shared };
}

export function createSettingsService(ports: SettingsPorts): SettingsService {
  const { device, notices } = ports;

  async function writeHere(personId: string, settings: Partial<Settings>): Promise<void> {
    for (const [key, value] of entriesOf(settings))
      await device
        .insertInto('device_settings')
        .values({ person_id: personId, key, value })
        .onConflict((conflict) => conflict.columns(['person_id', 'key']).doUpdateSet({ value }))
        .execute();
  }

  return {
    get: (_, session) => readSettings(ports, session),
    async update(input, session) {
      const { actor } = session;
      const [ofWorkspace, ofPerson] = [settingsOf('workspace', input), settingsOf('person', input)];
      const [ofPersonHere, ofThisDevice] = [settingsOf('personHere', input), settingsOf('device', input)];
      if (isAny(ofWorkspace)) requirePermission(actor, 'manage', 'changing shared settings');
      if (isAny(ofThisDevice)) requirePermission(actor, 'operate', 'changing settings of the computer');
      if (isAny(ofWorkspace) || isAny(ofPerson))
        await session.write(async (scope) => {
          await writeWorkspaceSettings(scope, ofWorkspace);
          await writePersonSettings(scope, ofPerson);
        });
      await writeHere(ofDevice, ofThisDevice);
      await writeHere(actor.personId, ofPersonHere);
      if (isAny(ofThisDevice)) notices.publish('settings', keysOf(ofThisDevice), actor.clientId);
      if (isAny(ofPersonHere)) notices.publish('settings', keysOf(ofPersonHere), actor.clientId, actor.personId);
      return readSettings(ports, session);
    },
    async getState({ key }, { actor }) {
      const row = await device
        .selectFrom('window_state')
        .select('value')
        .where('person_id', '=', actor.personId)
        .where('key', '=', key)
        .executeTakeFirst();
      return (storedJson(row?.value) as Json | undefined) ?? null;
    },
    async setState({ key, value }, { actor }) {
      const text = JSON.stringify(value);
      await device
        .insertInto('window_state')
        .values({ person_id: actor.personId, key, value: text })
        .onConflict((conflict) => conflict.columns(['person_id', 'key']).doUpdateSet({ value: text }))
        .execute();
      return { ok: true };
    },
  };
}

const keysOf = (settings: Partial<Settings>): readonly string[] => entriesOf(settings).map(([key]) => key);

const isAny = (settings: Partial<Settings>): boolean => entriesOf(settings).length > 0;
