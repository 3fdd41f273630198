-- Signed statements of how long a chain was and how it ended (A3). Kept for ever: never updated, never deleted.
CREATE TABLE gatehouse.audit_checkpoint (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  seq bigint NOT NULL CHECK (seq > 0),
  entry_hash text NOT NULL,
  ts timestamptz(3) NOT NULL,
  key_id text NOT NULL,
  signature text NOT NULL,
  PRIMARY KEY (org_id, seq)
);
CALL gatehouse.confine_to_org('gatehouse.audit_checkpoint', 'SELECT, INSERT');
CALL gatehouse.open_to('gatehouse.audit_checkpoint', 'gatehouse_writer', 'SELECT');
CALL gatehouse.open_to('gatehouse.audit_head', 'gatehouse_writer', 'SELECT');

-- Retention and erasure take bodies away and can do nothing else to an entry (A4).
CREATE FUNCTION gatehouse.only_clear_audit_bodies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF num_nonnulls(NEW.payload, NEW.actor_id, NEW.resource_type, NEW.resource_id) > 0 THEN
    RAISE EXCEPTION 'An audit body can only be taken away whole';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER only_clear_bodies BEFORE UPDATE ON gatehouse.audit_entry
  FOR EACH ROW WHEN (current_user = 'gatehouse_writer') EXECUTE FUNCTION gatehouse.only_clear_audit_bodies();
CALL gatehouse.open_to(
  'gatehouse.audit_entry', 'gatehouse_writer',
  'SELECT (org_id, seq, ts, payload), UPDATE (payload, actor_id, resource_type, resource_id)');
CREATE INDEX audit_entry_bodies ON gatehouse.audit_entry (ts) WHERE payload IS NOT NULL;
