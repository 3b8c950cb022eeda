/*
 * pd_owner owns everything and cannot log in; pd_app is what servers connect as, and owns nothing, so that row level security
 * holds for it. A role is of the whole cluster: several databases, and tests side by side, share them.
 */
export const roles = `
DO $roles$ BEGIN
  BEGIN CREATE ROLE pd_owner NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  BEGIN CREATE ROLE pd_app LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  IF NOT pg_has_role(current_user, 'pd_owner', 'SET') THEN EXECUTE format('GRANT pd_owner TO %I', current_user); END IF;
END $roles$;
CREATE SCHEMA promptdev AUTHORIZATION pd_owner;
SET LOCAL ROLE pd_owner;
SET LOCAL search_path = promptdev, pg_catalog;
`;
