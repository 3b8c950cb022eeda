import type pg from 'pg';

/** What in the catalogue of a database would let one tenant see of another, one sentence each; none where all is well. */
export async function faultsOf(client: pg.ClientBase, login: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ fault: string }>(
    `
    WITH tables AS (
      SELECT oid, relname, relrowsecurity, relforcerowsecurity FROM pg_class
      WHERE relnamespace = 'promptdev'::regnamespace AND relkind IN ('r', 'p')
    )
    SELECT relname || ': row level security is not forced' AS fault FROM tables
    WHERE NOT (relrowsecurity AND relforcerowsecurity)
    UNION ALL
    SELECT relname || ': no policy for the tenant' FROM tables
    WHERE relname <> 'schema_info' AND NOT EXISTS (
      SELECT FROM pg_policy WHERE polrelid = tables.oid AND polname = 'tenant' AND polpermissive AND polcmd = '*'
        AND pg_get_expr(polqual, polrelid) = '(tenant_id = promptdev.tenant())'
        AND pg_get_expr(polwithcheck, polrelid) = '(tenant_id = promptdev.tenant())')
    UNION ALL
    -- Permissive policies are joined by OR: a second one opens what the first one closes.
    SELECT relname || ': policy ' || polname || ' lets more in' FROM pg_policy JOIN tables ON tables.oid = polrelid
    WHERE polpermissive AND polname <> 'tenant' AND relname <> 'schema_info'
    UNION ALL
    SELECT relname || ': ' || conname || ' does not begin with tenant_id' FROM pg_constraint JOIN tables ON tables.oid = conrelid
    WHERE contype IN ('p', 'u', 'f', 'x') AND relname <> 'schema_info' AND (
      SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) <> 'tenant_id'
    UNION ALL
    SELECT tables.relname || ': ' || pg_class.relname || ' is unique without tenant_id' FROM pg_index
    JOIN tables ON tables.oid = indrelid JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indisunique AND tables.relname <> 'schema_info' AND (
      SELECT attname FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0]) IS DISTINCT FROM 'tenant_id'
    UNION ALL
    SELECT relname || ': a view without security_invoker' FROM pg_class
    WHERE relnamespace = 'promptdev'::regnamespace AND relkind IN ('v', 'm')
      AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)
    UNION ALL
    SELECT proname || ': a function with the rights of its owner' FROM pg_proc
    WHERE pronamespace = 'promptdev'::regnamespace AND prosecdef
    UNION ALL
    SELECT 'The login ' || rolname || ' is superuser or goes around row level security' FROM pg_roles
    WHERE rolname = $1 AND (rolsuper OR rolbypassrls)
    UNION ALL
    SELECT relname || ': owned by ' || $1 FROM pg_class
    WHERE relnamespace = 'promptdev'::regnamespace AND pg_has_role($1, relowner, 'MEMBER')
    UNION ALL
    SELECT relname || '.' || attname || ': a key in the order of a language' FROM pg_index
    JOIN tables ON tables.oid = indrelid
    JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
    WHERE atttypid = 'text'::regtype AND relname <> 'schema_info' AND attcollation <> '"C"'::regcollation
    ORDER BY fault`,
    [login],
  );
  return rows.map(({ fault }) => fault);
}
