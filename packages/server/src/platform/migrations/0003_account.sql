ALTER TABLE platform."user" ADD COLUMN deletion_scheduled_at timestamptz(3);
CREATE INDEX user_by_deletion ON platform."user" (deletion_scheduled_at) WHERE deletion_scheduled_at IS NOT NULL;

-- What a person decides about their account commits with its audit entry, in a transaction of an org of theirs. Someone
-- who belongs to none is served by the instance's own, in which nobody but Gatehouse itself acts.
GRANT SELECT (deletion_scheduled_at), UPDATE (email, email_verified_at, password_hash, deletion_scheduled_at, updated_at),
  DELETE ON platform."user" TO gatehouse_app;
CREATE POLICY changed_people ON platform."user" FOR UPDATE TO gatehouse_app
  USING (EXISTS (SELECT FROM platform.membership m WHERE m.user_id = "user".id));
CREATE POLICY people_of_the_instance ON platform."user" TO gatehouse_app
  USING (nullif(current_setting('gatehouse.org', true), '')::uuid = '00000000-0000-4000-8000-000000000000');

-- What a person was sent by mail to prove themselves with.
CREATE TABLE platform.mailed_proof (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  purpose text NOT NULL
    CHECK (purpose IN ('verify_email', 'reset_password', 'change_email', 'undo_email', 'delete_account')),
  -- Where the mail goes: for a change the new address, for taking it back the old one.
  email text NOT NULL CHECK (email = lower(email)),
  -- SHA-256 of a token, or HMAC-SHA-256 of a code under the pepper; null until the mail is sent.
  digest bytea UNIQUE,
  failures integer NOT NULL DEFAULT 0,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL
);
CREATE INDEX mailed_proof_by_user ON platform.mailed_proof (user_id, purpose);
CREATE INDEX mailed_proof_by_expiry ON platform.mailed_proof (expires_at);
-- An org reaches the proofs of the people whom it sees, and never a digest.
ALTER TABLE platform.mailed_proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.mailed_proof FORCE ROW LEVEL SECURITY;
CREATE POLICY own_people ON platform.mailed_proof TO gatehouse_app
  USING (EXISTS (SELECT FROM platform."user" u WHERE u.id = user_id));
GRANT SELECT (id, user_id, purpose, email, failures, expires_at, created_at), INSERT, DELETE
  ON platform.mailed_proof TO gatehouse_app;
CALL gatehouse.open_to('platform.mailed_proof', 'gatehouse_gate', 'SELECT, INSERT, UPDATE, DELETE');

-- A device that waits for a person to let it in (RFC 8628). It belongs to no org until someone approves it.
CREATE TABLE platform.device_login (
  id text PRIMARY KEY,
  -- SHA-256 of the code that the device keeps.
  device_digest bytea NOT NULL UNIQUE,
  -- HMAC-SHA-256 of the short code that the person types, under the pepper.
  user_code_digest bytea NOT NULL UNIQUE,
  client text NOT NULL CHECK (client IN ('cli', 'mcp')),
  callback_url text,
  ip text NOT NULL,
  user_agent text,
  state text NOT NULL CHECK (state IN ('waiting', 'approved', 'denied')),
  -- The org that the key is made for, and the person who decided.
  for_org uuid REFERENCES gatehouse.org (org_id) ON DELETE CASCADE,
  decided_by text REFERENCES platform."user" (id) ON DELETE CASCADE,
  poll_seconds integer NOT NULL,
  polled_at timestamptz(3),
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CHECK ((state = 'waiting') = (decided_by IS NULL)),
  CHECK ((state = 'waiting') = (for_org IS NULL))
);
CREATE INDEX device_login_by_expiry ON platform.device_login (expires_at);
ALTER TABLE platform.device_login ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.device_login FORCE ROW LEVEL SECURITY;
CREATE POLICY waiting_or_own ON platform.device_login TO gatehouse_app
  USING (for_org IS NULL OR for_org = nullif(current_setting('gatehouse.org', true), '')::uuid);
GRANT SELECT (id, state, for_org, expires_at), UPDATE (state, for_org, decided_by) ON platform.device_login
  TO gatehouse_app;
CALL gatehouse.open_to('platform.device_login', 'gatehouse_gate', 'SELECT, INSERT, UPDATE, DELETE');

-- How many codes a person has typed that no device shows.
CREATE TABLE platform.device_guess (
  user_id text PRIMARY KEY REFERENCES platform."user" (id) ON DELETE CASCADE,
  failures integer NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX device_guess_by_expiry ON platform.device_guess (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.device_guess TO gatehouse_gate;
