-- One hash chain per org. The head row gives the sequence and serialises its writers.
CREATE TABLE gatehouse.audit_head (
  org_id uuid PRIMARY KEY REFERENCES gatehouse.org (org_id),
  seq bigint NOT NULL,
  entry_hash text NOT NULL
);
CALL gatehouse.confine_to_org('gatehouse.audit_head', 'SELECT, INSERT, UPDATE');

CREATE TABLE gatehouse.audit_entry (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  seq bigint NOT NULL,
  ts timestamptz(3) NOT NULL,
  event_type text NOT NULL,
  -- The exact bytes that were hashed (RFC 8785); null once pruned, when only the hash remains.
  payload text,
  payload_hash text NOT NULL,
  prev_hash text NOT NULL,
  entry_hash text NOT NULL,
  key_id text NOT NULL,
  signature text NOT NULL,
  -- Copies of payload members, for queries; null once pruned.
  actor_id text,
  resource_type text,
  resource_id text,
  PRIMARY KEY (org_id, seq),
  UNIQUE (org_id, prev_hash)
);
CREATE INDEX audit_entry_by_time ON gatehouse.audit_entry (org_id, ts DESC, seq DESC);
CREATE INDEX audit_entry_by_event ON gatehouse.audit_entry (org_id, event_type text_pattern_ops, seq DESC);
CREATE INDEX audit_entry_by_actor ON gatehouse.audit_entry (org_id, actor_id, seq DESC);
-- Entries are only ever appended.
CALL gatehouse.confine_to_org('gatehouse.audit_entry', 'SELECT, INSERT');
