-- Appends to a chain whose end the caller expects to be this, and gives nulls; or locks it and gives its real end, for
-- the caller to try again with. A function, since PostgreSQL keeps the plans of what is in it.
CREATE FUNCTION gatehouse.append_audit_entries(
  chain uuid, expected_seq bigint, expected_hash text, entries jsonb, OUT real_seq bigint, OUT real_hash text
) LANGUAGE plpgsql AS $$
BEGIN
  SELECT seq, entry_hash INTO real_seq, real_hash FROM gatehouse.audit_head WHERE org_id = chain FOR UPDATE;
  IF NOT FOUND THEN
    -- Of two first entries at once, the later one waits here, and is given what the earlier one wrote.
    INSERT INTO gatehouse.audit_head AS head (org_id, seq, entry_hash) VALUES (chain, 0, repeat('0', 64))
    ON CONFLICT (org_id) DO UPDATE SET seq = head.seq
    RETURNING seq, entry_hash INTO real_seq, real_hash;
  END IF;
  IF real_seq <> expected_seq OR real_hash <> expected_hash THEN
    RETURN;
  END IF;
  INSERT INTO gatehouse.audit_entry SELECT * FROM jsonb_populate_recordset(NULL::gatehouse.audit_entry, entries);
  UPDATE gatehouse.audit_head SET seq = (entries -> -1 ->> 'seq')::bigint, entry_hash = entries -> -1 ->> 'entry_hash'
   WHERE org_id = chain;
  real_seq := NULL;
  real_hash := NULL;
END
$$;
