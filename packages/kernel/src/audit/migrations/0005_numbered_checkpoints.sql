-- Checkpoints are numbered and each signs the one before it, so that one which is missing is found. Those of before have
-- no number; the first numbered one counts and signs them. The head knows how many there are.
ALTER TABLE gatehouse.audit_checkpoint
  ADD COLUMN number bigint CHECK (number > 0),
  ADD COLUMN prev_hash text,
  ADD CHECK ((number IS NULL) = (prev_hash IS NULL)),
  ADD UNIQUE (org_id, number);
ALTER TABLE gatehouse.audit_head ADD COLUMN checkpoints bigint NOT NULL DEFAULT 0;
-- The owner is under row security as well here, so that it has to be lifted for what is of all organisations.
ALTER TABLE gatehouse.audit_head NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.audit_checkpoint NO FORCE ROW LEVEL SECURITY;
UPDATE gatehouse.audit_head AS head
   SET checkpoints = (SELECT count(*) FROM gatehouse.audit_checkpoint AS signed WHERE signed.org_id = head.org_id);
ALTER TABLE gatehouse.audit_head FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.audit_checkpoint FORCE ROW LEVEL SECURITY;
