import { describe, expect, test } from 'vitest';
import { tenantCases } from '../../../src-core/testing/cases/tenant-cases.ts';
import { runCase, serviceCases } from '../../../src-core/testing/describe-services.ts';
import { openTenantWorld } from './testing/tenant-world.ts';

/** Gives `enter` another body; what it returns stays as it is. */
const entering = (settings: string) => `
  CREATE OR REPLACE FUNCTION promptdev.enter(for_tenant uuid, for_person uuid, exclusive boolean) RETURNS bigint
  LANGUAGE plpgsql AS $$ DECLARE number bigint; BEGIN
    ${settings}
    PERFORM set_config('search_path', 'promptdev, pg_catalog', true);
    IF exclusive THEN
      SELECT rev + 1 INTO number FROM promptdev.workspace WHERE tenant_id = for_tenant FOR NO KEY UPDATE;
    ELSE
      SELECT rev INTO number FROM promptdev.workspace WHERE tenant_id = for_tenant;
    END IF;
    RETURN coalesce(number, 1);
  END $$;`;

const bypassing = (table: string) => `
  ALTER TABLE promptdev.${table} RENAME TO kept_${table};
  CREATE VIEW promptdev.${table} AS SELECT * FROM promptdev.kept_${table};
  ALTER VIEW promptdev.${table} ALTER tenant_id SET DEFAULT promptdev.tenant();
  GRANT ALL ON promptdev.${table} TO pd_app;`;

const open = (table: string) => `CREATE POLICY open ON promptdev.${table} USING (true) WITH CHECK (true);`;

/** The cases that are to notice; which of them comes first can depend on which connection whom gets. */
const byId = /^an id of another tenant/;
const bySearch = /^an id of another tenant|^what another tenant wrote/;
const byNews = /^windows in every process/;

/** What may go wrong between a call and its rows, as SQL that does it to a database. */
const variants: readonly (readonly [what: string, spoil: string, caughtBy: RegExp])[] = [
  ['a tenant that is never set', entering(`PERFORM set_config('promptdev.person', for_person::text, true);`), byId],
  [
    'a pooled connection that keeps the tenant it had first',
    entering(`
      IF coalesce(current_setting('promptdev.tenant', true), '') = '' THEN
        PERFORM set_config('promptdev.tenant', for_tenant::text, false);
      END IF;
      PERFORM set_config('promptdev.person', for_person::text, true);`),
    bySearch,
  ],
  ['a view of prompts with the rights of its owner', bypassing('prompts'), byId],
  ['a view of runs with the rights of its owner', bypassing('runs'), bySearch],
  ['prompts that a second policy opens', open('prompts'), byId],
  ['projects that a second policy opens', open('projects'), bySearch],
  ['a feed that everybody reads', open('feed'), byNews],
  ['versions without row level security', 'ALTER TABLE promptdev.versions DISABLE ROW LEVEL SECURITY', byId],
  [
    'a server that owns its tables, which are not forced',
    'ALTER TABLE promptdev.prompts OWNER TO pd_app; ALTER TABLE promptdev.prompts NO FORCE ROW LEVEL SECURITY',
    byId,
  ],
];

describe('the suite of services catches', () => {
  test.each(variants)('%s', async (_, spoil, caughtBy) => {
    const world = await openTenantWorld({ spoil });
    try {
      expect(await failsSomewhere(world)).toMatch(caughtBy);
    } finally {
      await world.close();
    }
  });
});

/** The first case that does not hold; null when all do. */
async function failsSomewhere(world: Awaited<ReturnType<typeof openTenantWorld>>): Promise<string | null> {
  for (const serviceCase of new Set([...tenantCases, ...serviceCases])) {
    const failure = await runCase(world, serviceCase).then(
      () => null,
      (error: unknown) => String(error),
    );
    if (failure !== null) return `${serviceCase.name}: ${failure}`;
  }
  return null;
}
