import { hostname } from 'node:os';
import type { Kysely } from 'kysely';
import { type Permission, permissions } from '../../../src-core/contract/permissions.ts';
import type { Actor } from '../../../src-core/scope/actor.ts';
import { newId } from '../../../src-core/scope/ids.ts';
import type { Tables } from '../../../src-core/tables/tables.ts';
import { userName } from '../../files/user-name.ts';

/** Whose file it is: one person, and this device. */
export interface Identity {
  readonly workspaceId: string;
  readonly personId: string;
  readonly personName: string;
  readonly deviceId: string;
}

/** Null for a file in which nobody has been yet. */
export async function readIdentity(kysely: Pick<Kysely<Tables>, 'selectFrom'>): Promise<Identity | null> {
  const workspace = await kysely.selectFrom('workspace').select('id').executeTakeFirst();
  const device = await kysely
    .selectFrom('devices')
    .innerJoin('people', 'people.id', 'devices.person_id')
    .select(['devices.id', 'people.id as personId', 'people.name'])
    .orderBy('devices.created_at')
    .limit(1)
    .executeTakeFirst();
  if (!workspace || !device) return null;
  const { id: deviceId, personId, name: personName } = device;
  return { workspaceId: workspace.id, personId, personName, deviceId };
}

/** The same, made on the first start; of two processes that start at once one makes it. */
export async function openIdentity(kysely: Kysely<Tables>): Promise<Identity> {
  const known = await readIdentity(kysely);
  if (known !== null) return known;
  return kysely.transaction().execute(async (trx) => {
    const made = await readIdentity(trx);
    if (made !== null) return made;
    const now = new Date().toISOString();
    const identity = { workspaceId: newId(), personId: newId(), personName: userName(), deviceId: newId() };
    const { workspaceId, personId, personName, deviceId } = identity;
    await trx.insertInto('workspace').values({ id: workspaceId, rev: 0, home: 'here', created_at: now }).execute();
    await trx.insertInto('people').values({ id: personId, name: personName, created_at: now }).execute();
    await trx
      .insertInto('devices')
      .values({ id: deviceId, person_id: personId, name: hostname(), created_at: now })
      .execute();
    return identity;
  });
}

const everything: ReadonlySet<Permission> = new Set(permissions);

/** The person at a window or a command line; on a workspace of one's own everything is allowed. */
export function personActor(identity: Identity, clientId: string): Actor {
  return { ...actorOf(identity), kind: 'person', id: identity.personId, clientId };
}

/** The host itself, for what it does without being asked. */
export function hostActor(identity: Identity): Actor {
  return { ...actorOf(identity), kind: 'device', id: identity.deviceId, clientId: null };
}

function actorOf({ workspaceId, personId, personName, deviceId }: Identity) {
  return {
    name: personName,
    personId,
    tenantId: workspaceId,
    deviceId,
    isShared: false,
    permissions: everything,
  } as const;
}
