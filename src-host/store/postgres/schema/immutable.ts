/** What never changes, by the rights of the server's login and, against ourselves, by triggers. */
export const immutable = `
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'PD001';
END $$;
CREATE FUNCTION refuse_unless_trashed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM promptdev.prompts WHERE tenant_id = OLD.tenant_id AND id = OLD.prompt_id AND status <> 'trashed'
  ) THEN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'PD001'; END IF;
  RETURN OLD;
END $$;
CREATE FUNCTION refuse_unless_unconfirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.confirmed <> 0 OR (to_jsonb(OLD) - ARRAY['number', 'confirmed']) <> (to_jsonb(NEW) - ARRAY['number', 'confirmed'])
  THEN RAISE EXCEPTION 'A version is immutable.' USING ERRCODE = 'PD001'; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER no_update BEFORE UPDATE ON contents FOR EACH ROW EXECUTE FUNCTION refuse('Content is immutable.');
CREATE TRIGGER no_update BEFORE UPDATE ON blobs FOR EACH ROW EXECUTE FUNCTION refuse('A blob is immutable.');
-- Its number alone is given later, where it is not the store that numbers versions.
CREATE TRIGGER no_update BEFORE UPDATE ON versions FOR EACH ROW EXECUTE FUNCTION refuse_unless_unconfirmed();
CREATE TRIGGER no_update BEFORE UPDATE ON label_moves FOR EACH ROW EXECUTE FUNCTION refuse('History is append-only.');
CREATE TRIGGER no_update BEFORE UPDATE ON prompt_changes FOR EACH ROW EXECUTE FUNCTION refuse('History is append-only.');
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse('The audit is append-only.');
CREATE TRIGGER no_delete BEFORE DELETE ON versions FOR EACH ROW EXECUTE FUNCTION refuse_unless_trashed('A version is immutable.');
CREATE TRIGGER no_delete BEFORE DELETE ON label_moves FOR EACH ROW
  EXECUTE FUNCTION refuse_unless_trashed('History is append-only.');
CREATE TRIGGER no_delete BEFORE DELETE ON prompt_changes FOR EACH ROW
  EXECUTE FUNCTION refuse_unless_trashed('History is append-only.');

REVOKE UPDATE ON contents, blobs, versions, label_moves, prompt_changes FROM pd_app;
GRANT UPDATE (number, confirmed) ON versions TO pd_app;
REVOKE UPDATE, DELETE ON audit FROM pd_app;
-- A tenant is made and removed by whoever runs the server.
REVOKE INSERT, UPDATE, DELETE ON schema_info, workspace FROM pd_app;
GRANT UPDATE (rev, home) ON workspace TO pd_app;
`;
