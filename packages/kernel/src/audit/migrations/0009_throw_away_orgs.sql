-- Orgs that exist for a run of probes alone leave nothing: neither their place nor the hashes of their chain. It is said when
-- such an org is made and never afterwards, so that no org of people can come to be one.
ALTER TABLE gatehouse.org ADD COLUMN throw_away boolean NOT NULL DEFAULT false;
CREATE INDEX org_by_throw_away ON gatehouse.org (created_at) WHERE throw_away;

CREATE FUNCTION gatehouse.keep_throw_away() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Whether an org is thrown away is said when it is made';
END
$$;
CREATE TRIGGER keep_throw_away BEFORE UPDATE ON gatehouse.org
  FOR EACH ROW WHEN (OLD.throw_away IS DISTINCT FROM NEW.throw_away) EXECUTE FUNCTION gatehouse.keep_throw_away();

GRANT SELECT (throw_away, erased_at, ctid), DELETE ON gatehouse.org TO gatehouse_eraser;
CREATE POLICY throw_away ON gatehouse.org FOR DELETE TO gatehouse_eraser
  USING (org_id = nullif(current_setting('gatehouse.org', true), '')::uuid AND throw_away AND erased_at IS NOT NULL);

CREATE PROCEDURE gatehouse.open_chain_to_eraser(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE POLICY throw_away ON %s TO gatehouse_eraser
       USING (org_id = nullif(current_setting(''gatehouse.org'', true), '''')::uuid
              AND EXISTS (SELECT FROM gatehouse.org o WHERE o.throw_away AND o.erased_at IS NOT NULL))
       WITH CHECK (false)',
    target);
  EXECUTE format('GRANT SELECT (org_id, ctid), DELETE ON %s TO gatehouse_eraser', target);
END
$$;
CALL gatehouse.open_chain_to_eraser('gatehouse.audit_entry');
CALL gatehouse.open_chain_to_eraser('gatehouse.audit_checkpoint');
CALL gatehouse.open_chain_to_eraser('gatehouse.audit_head');
