-- Since when entries wait for a checkpoint, so that no chain grows long without one; and how many checkpoints of it have
-- left this machine.
ALTER TABLE gatehouse.audit_head
  ADD COLUMN unsigned_since timestamptz(3),
  ADD COLUMN checkpoints_sent bigint NOT NULL DEFAULT 0;
-- The owner is under row security as well here, so that it has to be lifted for what is of all organisations.
ALTER TABLE gatehouse.audit_head NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.audit_entry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.audit_checkpoint NO FORCE ROW LEVEL SECURITY;
UPDATE gatehouse.audit_head AS head
   SET unsigned_since = (
         SELECT ts FROM gatehouse.audit_entry AS entry
          WHERE entry.org_id = head.org_id
            AND entry.seq > coalesce((SELECT max(seq) FROM gatehouse.audit_checkpoint AS signed
                                       WHERE signed.org_id = head.org_id), 0)
          ORDER BY entry.seq LIMIT 1);
ALTER TABLE gatehouse.audit_head FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.audit_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.audit_checkpoint FORCE ROW LEVEL SECURITY;
CALL gatehouse.open_to_telemetry('gatehouse.audit_head', 'UPDATE (unsigned_since, checkpoints_sent)');

-- As before; and where entries have waited for half an hour it says so and writes nothing, for the caller to sign them and
-- to try again.
DROP FUNCTION gatehouse.append_audit_entries(uuid, bigint, text, jsonb);
CREATE FUNCTION gatehouse.append_audit_entries(
  chain uuid, expected_seq bigint, expected_hash text, entries jsonb,
  OUT real_seq bigint, OUT real_hash text, OUT is_due boolean
) LANGUAGE plpgsql AS $$
DECLARE
  waiting_since timestamptz;
BEGIN
  SELECT seq, entry_hash, unsigned_since INTO real_seq, real_hash, waiting_since
    FROM gatehouse.audit_head WHERE org_id = chain FOR UPDATE;
  IF NOT FOUND THEN
    -- Of two first entries at once, the later one waits here, and is given what the earlier one wrote.
    INSERT INTO gatehouse.audit_head AS head (org_id, seq, entry_hash) VALUES (chain, 0, repeat('0', 64))
    ON CONFLICT (org_id) DO UPDATE SET seq = head.seq
    RETURNING seq, entry_hash, unsigned_since INTO real_seq, real_hash, waiting_since;
  END IF;
  is_due := coalesce((entries -> -1 ->> 'ts')::timestamptz - waiting_since > interval '30 minutes', false);
  IF is_due OR real_seq <> expected_seq OR real_hash <> expected_hash THEN
    RETURN;
  END IF;
  INSERT INTO gatehouse.audit_entry SELECT * FROM jsonb_populate_recordset(NULL::gatehouse.audit_entry, entries);
  UPDATE gatehouse.audit_head
     SET seq = (entries -> -1 ->> 'seq')::bigint, entry_hash = entries -> -1 ->> 'entry_hash',
         unsigned_since = coalesce(waiting_since, (entries -> 0 ->> 'ts')::timestamptz)
   WHERE org_id = chain;
  real_seq := NULL;
  real_hash := NULL;
END
$$;
