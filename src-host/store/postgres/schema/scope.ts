/*
 * Whom a transaction is for. `enter` sets it for that transaction alone; policies and defaults read it. A setting is cast
 * nowhere but here: inside a policy the planner may evaluate a cast before the condition that guards it.
 */
export const scope = `
CREATE FUNCTION tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('promptdev.tenant', true), '')::uuid $$;
CREATE FUNCTION person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('promptdev.person', true), '')::uuid $$;
CREATE TABLE schema_info (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());

CREATE FUNCTION enter(for_tenant uuid, for_person uuid, exclusive boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  number bigint;
  patience text;
BEGIN
  PERFORM set_config('promptdev.tenant', for_tenant::text, true), set_config('promptdev.person', for_person::text, true),
    set_config('search_path', 'promptdev, pg_catalog', true);
  -- Whoever runs the database may have set others.
  FOREACH patience IN ARRAY ARRAY['lock_timeout 5s', 'statement_timeout 30s', 'idle_in_transaction_session_timeout 30s'] LOOP
    IF current_setting(split_part(patience, ' ', 1)) = '0' THEN
      PERFORM set_config(split_part(patience, ' ', 1), split_part(patience, ' ', 2), true);
    END IF;
  END LOOP;
  IF exclusive THEN
    SELECT rev + 1 INTO STRICT number FROM promptdev.workspace WHERE tenant_id = for_tenant FOR NO KEY UPDATE;
  ELSE
    SELECT rev INTO STRICT number FROM promptdev.workspace WHERE tenant_id = for_tenant;
  END IF;
  RETURN number;
END $$;
`;
