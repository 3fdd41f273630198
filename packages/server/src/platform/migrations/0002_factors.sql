-- An authenticator app (RFC 6238). A person has at most one that counts, and one that waits for its first code.
CREATE TABLE platform.totp_factor (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  secret_sealed text NOT NULL,
  -- The time step of the last code that was accepted: one of it or of before is never accepted again.
  last_step bigint NOT NULL DEFAULT 0,
  confirmed_at timestamptz(3),
  last_used_at timestamptz(3),
  created_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX totp_factor_one_confirmed ON platform.totp_factor (user_id) WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX totp_factor_one_waiting ON platform.totp_factor (user_id) WHERE confirmed_at IS NULL;

CREATE TABLE platform.passkey (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  -- Base64url, as browsers spell it.
  credential_id text NOT NULL UNIQUE,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  is_backed_up boolean NOT NULL,
  last_used_at timestamptz(3),
  created_at timestamptz(3) NOT NULL
);
CREATE INDEX passkey_by_user ON platform.passkey (user_id);

CREATE TABLE platform.recovery_code (
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  -- SHA-256 of a code of 80 random bits. A used code is gone.
  digest bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, digest)
);

-- What an authenticator is to sign, once: one open challenge for each thing that waits for it.
CREATE TABLE platform.passkey_challenge (
  purpose text NOT NULL CHECK (purpose IN ('register', 'log_in', 'sudo')),
  -- The session, or in hexadecimal the digest of the log-in's token.
  bound_to text NOT NULL,
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  challenge text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (purpose, bound_to)
);
CREATE INDEX passkey_challenge_by_expiry ON platform.passkey_challenge (expires_at);

-- Someone whose password was right, and who owes a second factor.
CREATE TABLE platform.half_log_in (
  -- SHA-256 of the token.
  token_digest bytea PRIMARY KEY,
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  for_org uuid NOT NULL REFERENCES gatehouse.org (org_id) ON DELETE CASCADE,
  -- The hash that the password was proven against: with another password the token is worthless.
  password_hash text NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX half_log_in_by_expiry ON platform.half_log_in (expires_at);

-- Proofs that failed, of each kind; the row goes with the first that succeeds.
CREATE TABLE platform.proof_failure (
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('log_in', 'sudo')),
  failures integer NOT NULL,
  failed_at timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, purpose)
);
CREATE INDEX proof_failure_by_time ON platform.proof_failure (failed_at);

-- A code that was mailed to prove a session anew.
CREATE TABLE platform.sudo_code (
  session_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  -- HMAC-SHA-256 under the pepper; null until the mail is sent.
  digest bytea,
  asked_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX sudo_code_by_expiry ON platform.sudo_code (expires_at);

-- An org reaches the factors of the people whom it sees, and never what proves them.
ALTER TABLE platform.totp_factor ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.totp_factor FORCE ROW LEVEL SECURITY;
CREATE POLICY own_people ON platform.totp_factor TO gatehouse_app
  USING (EXISTS (SELECT FROM platform."user" u WHERE u.id = user_id));
GRANT SELECT (id, user_id, last_step, confirmed_at, last_used_at, created_at), INSERT, DELETE,
  UPDATE (last_step, confirmed_at) ON platform.totp_factor TO gatehouse_app;
CALL gatehouse.open_to('platform.totp_factor', 'gatehouse_gate', 'SELECT, UPDATE');

ALTER TABLE platform.passkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.passkey FORCE ROW LEVEL SECURITY;
CREATE POLICY own_people ON platform.passkey TO gatehouse_app
  USING (EXISTS (SELECT FROM platform."user" u WHERE u.id = user_id));
GRANT SELECT (id, user_id, name, credential_id, last_used_at, created_at), INSERT, DELETE
  ON platform.passkey TO gatehouse_app;
CALL gatehouse.open_to('platform.passkey', 'gatehouse_gate', 'SELECT, UPDATE');

ALTER TABLE platform.recovery_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.recovery_code FORCE ROW LEVEL SECURITY;
CREATE POLICY own_people ON platform.recovery_code TO gatehouse_app
  USING (EXISTS (SELECT FROM platform."user" u WHERE u.id = user_id));
GRANT SELECT (user_id, created_at), INSERT, DELETE ON platform.recovery_code TO gatehouse_app;
CALL gatehouse.open_to('platform.recovery_code', 'gatehouse_gate', 'SELECT, DELETE');

ALTER TABLE platform.half_log_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.half_log_in FORCE ROW LEVEL SECURITY;
CREATE POLICY own_people ON platform.half_log_in TO gatehouse_app
  USING (EXISTS (SELECT FROM platform."user" u WHERE u.id = user_id));
GRANT SELECT (user_id), DELETE ON platform.half_log_in TO gatehouse_app;
CALL gatehouse.open_to('platform.half_log_in', 'gatehouse_gate', 'SELECT, INSERT, UPDATE, DELETE');

ALTER TABLE platform.sudo_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.sudo_code FORCE ROW LEVEL SECURITY;
CREATE POLICY own_people ON platform.sudo_code TO gatehouse_app
  USING (EXISTS (SELECT FROM platform."user" u WHERE u.id = user_id));
GRANT SELECT (session_id, user_id, asked_at, expires_at), INSERT, UPDATE ON platform.sudo_code TO gatehouse_app;
CALL gatehouse.open_to('platform.sudo_code', 'gatehouse_gate', 'SELECT, UPDATE, DELETE');

GRANT SELECT, INSERT, UPDATE, DELETE ON platform.passkey_challenge, platform.proof_failure TO gatehouse_gate;
