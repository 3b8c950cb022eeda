import { protectedLabels } from '../contract/label-name.ts';
import { defaultSettings, type Settings, settingsSchema } from '../contract/settings.ts';
import { prepared, type ValueOf } from '../scope/prepared.ts';
import type { Reader, Writer } from '../scope/scope.ts';
import { storedJson } from '../tables/stored-fields.ts';

type Place = 'workspace' | 'person' | 'personHere' | 'device';

/** Whose each setting is: everybody's in the workspace, a person's on all devices, a person's on this one, or this device's. */
export const placeOfSetting = {
  protectedLabels: 'workspace',
  author: 'person',
  defaultModel: 'person',
  defaultConcurrency: 'person',
  theme: 'personHere',
  editorFontSize: 'personHere',
  editorWordWrap: 'personHere',
  welcomeSeen: 'personHere',
  idleUnloadMinutes: 'device',
} as const satisfies Readonly<Record<keyof Settings, Place>>;

/** Those of the settings that have this place. */
export function settingsOf(place: Place, settings: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(
    Object.entries(settings).filter(([key]) => placeOfSetting[key as keyof Settings] === place),
  );
}

/** Stands in the device's tables where a person's id would, for what is the device's own. */
export const ofDevice = '';

export interface StoredRow {
  readonly key: string;
  readonly value: string;
}

/** Those of the rows that can be read, each by itself: one that cannot is as if it had not been set, and the others stay. */
export function readStored(rows: readonly StoredRow[]): Partial<Settings> {
  const stored = rows.flatMap(({ key, value }) => {
    const schema = Object.hasOwn(settingsSchema.shape, key) ? settingsSchema.shape[key as keyof Settings] : null;
    const parsed = schema?.safeParse(storedJson(value));
    return parsed?.success ? [[key, parsed.data] as const] : [];
  });
  return Object.fromEntries(stored);
}

/** What the workspace and the person have set, and the person's name. */
export async function readSharedSettings({ db, actor }: Reader): Promise<Partial<Settings>> {
  return readStored([...(await workspaceSettings(db, {})), ...(await personSettings(db, { person: actor.personId }))]);
}

const workspaceSettings = prepared((db) => db.selectFrom('settings').select(['key', 'value']));

const personSettings = prepared((db, value: ValueOf<{ person: string }>) =>
  db.selectFrom('person_settings').select(['key', 'value']).where('person_id', '=', value('person')),
);

/** The model that is asked where neither a prompt nor a person says which. */
export async function readDefaultModel(scope: Reader): Promise<string> {
  return (await readSharedSettings(scope)).defaultModel ?? defaultSettings.defaultModel;
}

/** The labels whose move needs a confirmation; one that cannot be read protects what is protected from the start. */
export async function readProtectedLabels(scope: Reader): Promise<readonly string[]> {
  return readStored(await workspaceSettings(scope.db, {})).protectedLabels ?? protectedLabels;
}

export async function writeWorkspaceSettings(scope: Writer, settings: Partial<Settings>): Promise<void> {
  for (const [key, value] of entriesOf(settings)) {
    await scope.db
      .insertInto('settings')
      .values({ key, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
    scope.audit({ action: 'setting.change', subject: key, details: { value: JSON.parse(value) } });
    scope.changed('settings', key);
  }
}

/** Each of its own, so that two windows changing different ones never overwrite each other. The author is the person's name. */
export async function writePersonSettings(scope: Writer, settings: Partial<Settings>): Promise<void> {
  const { personId } = scope.actor;
  for (const [key, value] of entriesOf(settings)) {
    await scope.db
      .insertInto('person_settings')
      .values({ person_id: personId, key, value })
      .onConflict((conflict) => conflict.columns(['person_id', 'key']).doUpdateSet({ value }))
      .execute();
    if (key === 'author' && typeof settings.author === 'string') {
      await scope.db.updateTable('people').set({ name: settings.author }).where('id', '=', personId).execute();
      scope.audit({ action: 'person.rename', subject: personId, details: { to: settings.author } });
    }
    scope.changed('settings', key);
  }
}

export function entriesOf(settings: Partial<Settings>): (readonly [string, string])[] {
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, JSON.stringify(value)] as const);
}
