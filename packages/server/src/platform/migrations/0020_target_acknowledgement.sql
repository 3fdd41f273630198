-- Who said for an organisation that what it has us look at is theirs to have looked at, and to which wording they said it.
CREATE TABLE platform.target_acknowledgement (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  version integer NOT NULL,
  user_id text NOT NULL,
  acknowledged_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, version)
);
CALL gatehouse.confine_to_org('platform.target_acknowledgement', 'SELECT, INSERT');
CALL gatehouse.open_to('platform.target_acknowledgement', 'gatehouse_gate', 'SELECT (org_id, version, user_id, acknowledged_at)');
CALL gatehouse.open_to_eraser('platform.target_acknowledgement');
