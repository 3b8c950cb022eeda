import { oc } from '@orpc/contract';
import { errors } from './errors.ts';
import type { Permission } from './permissions.ts';

/**
 * What an operation is given to work with. `read` and `write`: one scope of the store, opened and ended by the router; `job` and
 * `watch`: a session, with which it opens scopes of its own, because it also asks engines, keys or files, or goes on for long.
 */
export const accesses = ['read', 'write', 'job', 'watch'] as const;
export type Access = (typeof accesses)[number];

/** What the router reads of an operation. */
export interface OperationMeta<Kind extends Access = Access> {
  readonly access: Kind;
  readonly needs: Permission;
}

export function reads(needs: Permission = 'read') {
  return oc.$meta<OperationMeta<'read'>>({ access: 'read', needs }).errors(errors);
}

export function writes(needs: Permission = 'write') {
  return oc.$meta<OperationMeta<'write'>>({ access: 'write', needs }).errors(errors);
}

export function works(needs: Permission) {
  return oc.$meta<OperationMeta<'job'>>({ access: 'job', needs }).errors(errors);
}

export function watches(needs: Permission = 'read') {
  return oc.$meta<OperationMeta<'watch'>>({ access: 'watch', needs }).errors(errors);
}
