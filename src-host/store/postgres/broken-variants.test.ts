import { describe, expect, test } from 'vitest';
import { runCase, serviceCases } from '../../../src-core/testing/describe-services.ts';
import { tenantCases } from '../../../src-core/testing/cases/tenant-cases.ts';
import { openTenantWorld } from './testing/tenant-world.ts';

/** Gives \`enter\` another body; what it returns stays as it is. */
const entering = (settings: string) => `
  CREATE OR REPLACE FUNCTION promptdev.enter(for_tenant uuid, for_person uuid, exclusive boolean) RETURNS bigint
  LANGUAGE plpgsql AS $$ DECLARE number bigint; BEGIN
    ${settings}
    PERFORM set_config('search_path', 'promptdev, pg_catalog', true);
    SELECT rev + exclusive::int INTO number FROM promptdev.workspace WHERE tenant_id = for_tenant FOR NO KEY UPDATE;
    RETURN number;
  END $$;`;

const bypassing = (table: string) => `
  ALTER TABLE promptdev.${table} RENAME TO kept_${table};
  CREATE VIEW promptdev.${table} AS SELECT * FROM promptdev.kept_${table};
  ALTER VIEW promptdev.${table} ALTER tenant_id SET DEFAULT promptdev.tenant();
  GRANT ALL ON promptdev.${table} TO pd_app;`;

const open = (table: string) => `CREATE POLICY open ON promptdev.${table} USING (true) WITH CHECK (true);`;

/** What may go wrong between a call and its rows, as SQL that does it to a database. */
const variants: readonly (readonly [string, string])[] = [
  [
    'a tenant that is never set',
    entering(`PERFORM set_config('promptdev.person', for_person::text, true);`),
  ],
  [
    'a pooled connection that keeps the tenant it had first',
    entering(`IF coalesce(current_setting('promptdev.tenant', true), '') = '' THEN
      PERFORM set_config('promptdev.tenant', for_tenant::text, false), set_config('promptdev.person', for_person::text, false);
    END IF;`),
  ],
  ['a view of prompts that has the rights of its owner', bypassing('prompts')],
  ['a view of search that has the rights of its owner', bypassing('search_documents')],
  ['prompts that a second policy opens', open('prompts')],
  ['versions that are not protected at all', 'ALTER TABLE promptdev.versions DISABLE ROW LEVEL SECURITY'],
  ['a feed that everybody reads', open('feed')],
  ['tags that everybody reads', open('prompt_tags')],
  ['drafts that the whole tenant reads', 'DROP POLICY own ON promptdev.drafts; DROP POLICY own ON promptdev.draft_entries'],
  ['a server that owns the tables, which are not forced', `
    ALTER TABLE promptdev.prompts OWNER TO pd_app; ALTER TABLE promptdev.prompts NO FORCE ROW LEVEL SECURITY`],
  ['a login that goes around row level security', 'SELECT 1'],
];
