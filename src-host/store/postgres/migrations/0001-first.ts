import { protection } from '../schema/protection.ts';
import { roles } from '../schema/roles.ts';
import { scope } from '../schema/scope.ts';
import { search } from '../schema/search.ts';

/** The first release of the tenant schema. */
export const first = {
  name: '0001-first',
  sql: [
    roles,
    scope,
    `CREATE TABLE schema_info (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());`,
    `CREATE TABLE prompts (tenant_id uuid NOT NULL DEFAULT tenant(), id uuid, latest_version_id uuid, PRIMARY KEY (tenant_id, id));`,
    search,
    protection,
  ].join('\n'),
};
