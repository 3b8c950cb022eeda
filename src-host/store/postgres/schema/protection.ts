/** Tables whose rows belong to one person of the tenant, and are seen by nobody else, administrators included. */
const personal = ['drafts', 'draft_entries', 'person_settings'];

/*
 * Row level security on every table there is, also for their owner; nothing is granted before it stands. A write to another
 * tenant is refused with an error, because USING alone would make it a write of zero rows.
 */
export const protection = `
DO $protection$ DECLARE name text; BEGIN
  FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'promptdev'::regnamespace AND relkind IN ('r', 'p') LOOP
    EXECUTE format('ALTER TABLE promptdev.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    -- It has nothing of a tenant.
    IF name = 'schema_info' THEN CREATE POLICY everybody ON promptdev.schema_info USING (true); CONTINUE; END IF;
    EXECUTE format('CREATE POLICY tenant ON promptdev.%I USING (tenant_id = tenant()) WITH CHECK (tenant_id = tenant())', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY[${personal.map((table) => `'${table}'`).join(', ')}] LOOP
    EXECUTE format('CREATE POLICY own ON promptdev.%I AS RESTRICTIVE USING (person_id = person()) WITH CHECK (person_id = person())', name);
  END LOOP;
END $protection$;
-- What concerns one person alone is no news to others, and what it is called would tell them.
CREATE POLICY own ON feed AS RESTRICTIVE USING (person_id = '' OR person_id = person()::text)
  WITH CHECK (person_id = '' OR person_id = person()::text);
GRANT USAGE ON SCHEMA promptdev TO pd_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA promptdev TO pd_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA promptdev TO pd_app;
`;
