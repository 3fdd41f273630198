CREATE SCHEMA platform;
GRANT USAGE ON SCHEMA platform TO gatehouse_app, gatehouse_gate;

-- A person. One may belong to many orgs, so the row carries none.
CREATE TABLE platform."user" (
  id text PRIMARY KEY,
  -- Case-folded, so that one address is one person.
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  password_hash text NOT NULL,
  email_verified_at timestamptz(3),
  language text NOT NULL CHECK (language IN ('en', 'ja')),
  time_zone text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL
);

CREATE TABLE platform.membership (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  user_id text NOT NULL REFERENCES platform."user" (id),
  role text NOT NULL CHECK (role IN ('owner', 'member', 'viewer')),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, user_id)
);
CREATE INDEX membership_by_user ON platform.membership (user_id);
CALL gatehouse.confine_to_org('platform.membership', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('platform.membership', 'gatehouse_gate', 'SELECT');

-- An org sees its own people, and of them never the password. It may add a person, and change nobody.
ALTER TABLE platform."user" ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform."user" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_people ON platform."user" FOR SELECT TO gatehouse_app
  USING (EXISTS (SELECT FROM platform.membership m WHERE m.user_id = "user".id));
CREATE POLICY new_people ON platform."user" FOR INSERT TO gatehouse_app WITH CHECK (true);
GRANT SELECT (id, email, name, email_verified_at, language, time_zone, created_at), INSERT
  ON platform."user" TO gatehouse_app;
CALL gatehouse.open_to('platform.user', 'gatehouse_gate', 'SELECT, UPDATE');

-- An org is born inside its own transaction, so that its first audit entry commits with it.
GRANT INSERT ON gatehouse.org TO gatehouse_app;

CREATE TABLE platform.invitation (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  email text CHECK (email = lower(email)),
  role text NOT NULL CHECK (role IN ('owner', 'member', 'viewer')),
  -- SHA-256 of the token that the inviting owner was shown.
  token_digest bytea NOT NULL UNIQUE,
  -- SHA-256 of the token in the mail, which is made when the mail is sent: a queued job holds no secret.
  mailed_token_digest bytea UNIQUE,
  invited_by text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX invitation_one_per_address ON platform.invitation (org_id, email);
CALL gatehouse.confine_to_org('platform.invitation', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('platform.invitation', 'gatehouse_gate', 'SELECT');

-- Someone who asked for an account and has not yet proven the address. Nobody exists before that.
CREATE TABLE platform.registration (
  id text PRIMARY KEY,
  email text NOT NULL CHECK (email = lower(email)),
  name text NOT NULL,
  org_name text NOT NULL,
  language text NOT NULL CHECK (language IN ('en', 'ja')),
  password_hash text NOT NULL,
  -- SHA-256 of the token in the mail; null until the mail is sent.
  token_digest bytea UNIQUE,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL
);
CREATE INDEX registration_by_expiry ON platform.registration (expires_at);
GRANT SELECT, UPDATE, DELETE ON platform.registration TO gatehouse_gate;
GRANT SELECT (id, email), INSERT, DELETE ON platform.registration TO gatehouse_app;

-- One row: how the first owner gets in. It closes for good with the first person.
CREATE TABLE platform.setup (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  token_digest bytea,
  expires_at timestamptz(3),
  closed_at timestamptz(3)
);
INSERT INTO platform.setup DEFAULT VALUES;
GRANT SELECT, UPDATE ON platform.setup TO gatehouse_app, gatehouse_gate;
