-- What probes of this instance found. It belongs to nobody's org: the instance's own holds it, and its chain tells of it.
CREATE SCHEMA posture;
GRANT USAGE ON SCHEMA posture TO gatehouse_app, gatehouse_telemetry, gatehouse_writer;

CREATE TABLE posture.evidence (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id)
    CHECK (org_id = '00000000-0000-4000-8000-000000000000'),
  id text NOT NULL,
  run_id text NOT NULL,
  claim text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('holds', 'fails', 'unknown')),
  started_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3) NOT NULL,
  -- The exact bytes that were signed (RFC 8785), and by which key.
  record text NOT NULL,
  key_id text NOT NULL,
  signature text NOT NULL,
  PRIMARY KEY (org_id, id, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX evidence_by_claim ON posture.evidence (org_id, claim, started_at DESC);
CREATE INDEX evidence_by_age ON posture.evidence (started_at);
CALL gatehouse.confine_to_org('posture.evidence', 'SELECT, INSERT');
CALL gatehouse.open_to('posture.evidence', 'gatehouse_writer', 'SELECT (started_at), DELETE');

-- A run that somebody asked for, and how far it has come.
CREATE TABLE posture.run (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id)
    CHECK (org_id = '00000000-0000-4000-8000-000000000000'),
  id text NOT NULL,
  -- Null: every claim that is verified.
  wanted text[],
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  done integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  -- The claim that is being probed.
  probing text,
  asked_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  PRIMARY KEY (org_id, id)
);
CREATE INDEX run_by_age ON posture.run (asked_at);
CALL gatehouse.confine_to_org('posture.run', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to_telemetry('posture.run', 'UPDATE');
CALL gatehouse.open_to('posture.run', 'gatehouse_writer', 'SELECT (asked_at), DELETE');

-- Since when the sentences and the policies have been what they are.
CREATE TABLE posture.policy (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id)
    CHECK (org_id = '00000000-0000-4000-8000-000000000000'),
  hash text NOT NULL,
  seen_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, hash)
);
CALL gatehouse.confine_to_org('posture.policy', 'SELECT, INSERT');
CALL gatehouse.open_to_telemetry('posture.policy', 'INSERT');
