-- A log-in. It belongs to a person, not to an org; only the gate reads it.
CREATE TABLE gatehouse.session (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  -- The org that the next access token is made for.
  active_org uuid NOT NULL REFERENCES gatehouse.org (org_id),
  user_agent text,
  ip text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  last_used_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  ended_because text
);
CREATE INDEX session_by_user ON gatehouse.session (user_id, id);
CREATE INDEX session_by_expiry ON gatehouse.session (expires_at);

CREATE TABLE gatehouse.refresh_token (
  digest bytea PRIMARY KEY,
  session_id text NOT NULL REFERENCES gatehouse.session (id) ON DELETE CASCADE,
  issued_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3)
);
CREATE INDEX refresh_token_by_session ON gatehouse.refresh_token (session_id);
CREATE INDEX refresh_token_by_expiry ON gatehouse.refresh_token (expires_at);

-- Access tokens issued before this moment are refused: to one org, or, without one, anywhere (S5).
CREATE TABLE gatehouse.token_not_before (
  user_id text NOT NULL,
  for_org uuid NOT NULL DEFAULT '00000000-0000-4000-8000-000000000000',
  not_before timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, for_org)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.session, gatehouse.refresh_token, gatehouse.token_not_before
  TO gatehouse_gate;
-- A decision about a person ends the person's sessions in the same transaction.
GRANT SELECT (id, user_id, ended_at), UPDATE (ended_at, ended_because) ON gatehouse.session TO gatehouse_app;
GRANT SELECT, INSERT, UPDATE ON gatehouse.token_not_before TO gatehouse_app;
GRANT SELECT, INSERT ON gatehouse.session, gatehouse.refresh_token TO gatehouse_app;
