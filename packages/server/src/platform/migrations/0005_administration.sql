-- Why an org was suspended, for those who administer the instance; the decision itself is an entry of its chain.
ALTER TABLE gatehouse.org ADD COLUMN suspended_because text
  CHECK (suspended_because IS NULL OR suspended_at IS NOT NULL);
CREATE INDEX org_by_age ON gatehouse.org (created_at DESC, org_id DESC);

-- Refused credentials are read across orgs, newest first. Of all chains the gate sees these entries and nothing else.
CREATE INDEX audit_entry_refusals ON gatehouse.audit_entry (ts DESC, org_id DESC, seq DESC)
  WHERE event_type = 'auth.refused' AND payload IS NOT NULL;
CREATE POLICY refusals_of_all ON gatehouse.audit_entry FOR SELECT TO gatehouse_gate
  USING (event_type = 'auth.refused');
GRANT SELECT (org_id, seq, ts, event_type, payload) ON gatehouse.audit_entry TO gatehouse_gate;
