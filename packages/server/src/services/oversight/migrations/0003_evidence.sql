-- A key of the org that never leaves this server; made on first use, sealed.
CREATE TABLE oversight.org_secret (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  purpose text NOT NULL CHECK (purpose IN ('telemetry', 'erasure')),
  sealed_key text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, purpose)
);
CALL gatehouse.confine_to_org('oversight.org_secret', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to_eraser('oversight.org_secret');

-- A nonce of this server, for one person in one session: for what a screen reports, or for a proof of the person's own.
CREATE TABLE oversight.telemetry_session (
  org_id uuid NOT NULL,
  -- Hex SHA-256 of the nonce.
  nonce_hash text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('telemetry', 'attestation')),
  operator_id text NOT NULL,
  session_id text NOT NULL,
  issued_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  -- The interaction or decision whose grade it raised; it raises no other.
  used_by text,
  PRIMARY KEY (org_id, nonce_hash)
);
CREATE INDEX telemetry_session_by_operator ON oversight.telemetry_session (org_id, operator_id);
CREATE INDEX telemetry_session_by_age ON oversight.telemetry_session (issued_at);
CALL gatehouse.confine_to_org('oversight.telemetry_session', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.telemetry_session');
CALL gatehouse.open_to('oversight.telemetry_session', 'gatehouse_writer', 'SELECT (issued_at), DELETE');

CREATE TABLE oversight.telemetry_event (
  org_id uuid NOT NULL,
  nonce_hash text NOT NULL,
  event_seq integer NOT NULL CHECK (event_seq BETWEEN 1 AND 1000),
  event_type text NOT NULL CHECK (event_type IN ('hover', 'scroll', 'alt_view', 'decision_committed')),
  -- Permille of a scroll, slot of an alternative.
  value integer,
  received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, nonce_hash, event_seq),
  FOREIGN KEY (org_id, nonce_hash) REFERENCES oversight.telemetry_session (org_id, nonce_hash) ON DELETE CASCADE
);
CREATE INDEX telemetry_event_by_age ON oversight.telemetry_event (received_at);
CALL gatehouse.confine_to_org('oversight.telemetry_event', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('oversight.telemetry_event');
CALL gatehouse.open_to('oversight.telemetry_event', 'gatehouse_writer', 'SELECT (received_at), DELETE');

-- A call of an AI that was seen, by its request id; it names no person.
CREATE TABLE oversight.observed_call (
  org_id uuid NOT NULL,
  request_id text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  source text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  matched_at timestamptz(3),
  -- Whether it is in the counts of its day.
  is_final boolean NOT NULL DEFAULT false,
  PRIMARY KEY (org_id, request_id)
);
CREATE INDEX observed_call_by_time ON oversight.observed_call (org_id, received_at DESC);
CREATE INDEX observed_call_by_age ON oversight.observed_call (received_at);
CREATE INDEX observed_call_open ON oversight.observed_call (received_at) WHERE NOT is_final;
CALL gatehouse.confine_to_org('oversight.observed_call', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to_eraser('oversight.observed_call');
CALL gatehouse.open_to('oversight.observed_call', 'gatehouse_writer', 'SELECT, UPDATE, DELETE');

-- How many calls were seen on a day, and how many of them somebody decided about; final.
CREATE TABLE oversight.observed_day (
  org_id uuid NOT NULL,
  -- Its first moment, UTC.
  day timestamptz(3) NOT NULL,
  source text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  observed bigint NOT NULL,
  matched bigint NOT NULL,
  PRIMARY KEY (org_id, day, source, provider, model)
);
CREATE INDEX observed_day_by_age ON oversight.observed_day (day);
CALL gatehouse.confine_to_org('oversight.observed_day', 'SELECT');
CALL gatehouse.open_to_eraser('oversight.observed_day');
CALL gatehouse.open_to('oversight.observed_day', 'gatehouse_writer', 'SELECT, INSERT, UPDATE, DELETE');
GRANT SELECT (org_id, request_id, received_at) ON oversight.interaction TO gatehouse_writer;

-- An authenticator of the person's own, which signs their decisions.
CREATE TABLE oversight.authenticator (
  org_id uuid NOT NULL,
  credential_id text NOT NULL,
  operator_id text NOT NULL,
  name text NOT NULL,
  public_key bytea NOT NULL,
  rp_id text NOT NULL,
  sign_count bigint NOT NULL,
  transports text[] NOT NULL,
  -- Who proved to be the person when it was enrolled: whoever held a link, or a member with a log-in of their own.
  enrolled_by text NOT NULL CHECK (enrolled_by IN ('link', 'member')),
  enrolled_at timestamptz(3) NOT NULL,
  last_used_at timestamptz(3),
  PRIMARY KEY (org_id, credential_id)
);
CREATE INDEX authenticator_by_operator ON oversight.authenticator (org_id, operator_id);
CALL gatehouse.confine_to_org('oversight.authenticator', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.authenticator');

-- What a person confirmed in their own session, for one decision; handed on once.
CREATE TABLE oversight.attest_proof (
  org_id uuid NOT NULL,
  -- Hex SHA-256 of the proof.
  proof_hash text NOT NULL,
  operator_id text NOT NULL,
  canonical_hash text NOT NULL,
  nonce_hash text NOT NULL,
  enrolled_by text NOT NULL CHECK (enrolled_by IN ('link', 'member')),
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, proof_hash)
);
CREATE INDEX attest_proof_by_operator ON oversight.attest_proof (org_id, operator_id);
CREATE INDEX attest_proof_by_age ON oversight.attest_proof (expires_at);
CALL gatehouse.confine_to_org('oversight.attest_proof', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('oversight.attest_proof');
CALL gatehouse.open_to('oversight.attest_proof', 'gatehouse_writer', 'SELECT (expires_at), DELETE');
