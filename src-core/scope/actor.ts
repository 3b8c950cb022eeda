import type { Permission } from '../contract/permissions.ts';
import { AppError } from './errors.ts';

/** Who calls, for which tenant, and what they may do. Ids are stable; names are for display. */
export interface Actor {
  readonly kind: 'person' | 'program' | 'device';
  readonly id: string;
  readonly name: string;
  /** The person whose drafts and settings are meant; of a program, its own. */
  readonly personId: string;
  readonly tenantId: string;
  readonly deviceId: string;
  /** Others work in this tenant too: what one person types is nothing that another may find. */
  readonly isShared: boolean;
  readonly permissions: ReadonlySet<Permission>;
  /** The window or program for the length of its connection; null for the host itself. */
  readonly clientId: string | null;
}

/** Throws `denied` for an actor who may not. */
export function requirePermission(actor: Actor, needed: Permission, what: string): void {
  if (actor.permissions.has(needed)) return;
  throw new AppError(
    'denied',
    `${actor.name} may not do this: ${what} needs the permission "${needed}". Ask an admin of the workspace for it.`,
    { needed },
  );
}
