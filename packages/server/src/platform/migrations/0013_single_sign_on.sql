-- How the people of an org come in through its own issuer (OpenID Connect).
CREATE TABLE platform.sso_connection (
  org_id uuid PRIMARY KEY REFERENCES gatehouse.org (org_id),
  issuer text NOT NULL,
  client_id text NOT NULL,
  client_secret_sealed text NOT NULL,
  group_claim text,
  -- [{"group": …, "role": …}]; the highest role of a person's groups counts.
  group_roles jsonb NOT NULL,
  -- For people whom no group gives a role; null: they do not come in.
  default_role text CHECK (default_role IN ('owner', 'member', 'viewer')),
  is_required boolean NOT NULL,
  -- The owner who may still use a password while the others may not.
  break_glass_user text,
  clock_skew_seconds integer NOT NULL CHECK (clock_skew_seconds BETWEEN 0 AND 300),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CHECK (NOT is_required OR break_glass_user IS NOT NULL),
  FOREIGN KEY (org_id, break_glass_user) REFERENCES platform.membership (org_id, user_id)
);
CREATE INDEX sso_connection_by_issuer ON platform.sso_connection (issuer);
CALL gatehouse.confine_to_org('platform.sso_connection', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('platform.sso_connection', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to_eraser('platform.sso_connection');

-- Domains whose addresses the issuer may vouch for, once a DNS record has proven that they are the org's.
CREATE TABLE platform.sso_domain (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  domain text NOT NULL CHECK (domain = lower(domain)),
  -- What the record has to hold. It is public there.
  token text NOT NULL,
  proven_at timestamptz(3),
  checked_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, domain)
);
CREATE UNIQUE INDEX sso_domain_of_one_org ON platform.sso_domain (domain) WHERE proven_at IS NOT NULL;
CALL gatehouse.confine_to_org('platform.sso_domain', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('platform.sso_domain', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to_eraser('platform.sso_domain');

-- Who somebody is at the issuer. A person is known by this alone, never by an address.
CREATE TABLE platform.sso_identity (
  org_id uuid NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  last_used_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, issuer, subject),
  UNIQUE (org_id, user_id, issuer),
  FOREIGN KEY (org_id, user_id) REFERENCES platform.membership (org_id, user_id) ON DELETE CASCADE
);
CREATE INDEX sso_identity_by_user ON platform.sso_identity (user_id);
CALL gatehouse.confine_to_org('platform.sso_identity', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('platform.sso_identity', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to_eraser('platform.sso_identity');

-- Which session the issuer vouched for, so that it can end it (OpenID Connect Back-Channel Logout 1.0).
CREATE TABLE platform.sso_session (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  session_id text NOT NULL REFERENCES gatehouse.session (id) ON DELETE CASCADE,
  user_id text NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  -- The session at the issuer, where it names one.
  sid text,
  PRIMARY KEY (org_id, session_id)
);
CREATE INDEX sso_session_by_subject ON platform.sso_session (org_id, issuer, subject);
CREATE INDEX sso_session_by_sid ON platform.sso_session (org_id, issuer, sid);
CREATE INDEX sso_session_by_session ON platform.sso_session (session_id);
CREATE INDEX sso_session_by_user ON platform.sso_session (user_id);
CALL gatehouse.confine_to_org('platform.sso_session', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to('platform.sso_session', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to_eraser('platform.sso_session');

-- Somebody who was sent to an issuer and is not back yet.
CREATE TABLE platform.sso_flow (
  -- SHA-256 of what the browser's cookie holds; state, nonce and verifier follow from that, and are stored nowhere.
  digest bytea PRIMARY KEY,
  for_org uuid NOT NULL REFERENCES gatehouse.org (org_id) ON DELETE CASCADE,
  issuer text NOT NULL,
  -- Set where a session is proven anew: the session, its person, and SHA-256 of the ticket that they hold.
  session_id text,
  user_id text REFERENCES platform."user" (id) ON DELETE CASCADE,
  ticket_digest bytea,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX sso_flow_by_expiry ON platform.sso_flow (expires_at);

-- Somebody whom the issuer vouched for, whose address has an account that is theirs to connect.
CREATE TABLE platform.sso_link (
  -- SHA-256 of the token.
  token_digest bytea PRIMARY KEY,
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  for_org uuid NOT NULL REFERENCES gatehouse.org (org_id) ON DELETE CASCADE,
  arrival jsonb NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX sso_link_by_expiry ON platform.sso_link (expires_at);
CREATE INDEX sso_link_by_user ON platform.sso_link (user_id);

-- A session that the issuer has proven anew, until the proof is taken.
CREATE TABLE platform.sso_proof (
  -- SHA-256 of the ticket.
  ticket_digest bytea PRIMARY KEY,
  session_id text NOT NULL,
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX sso_proof_by_expiry ON platform.sso_proof (expires_at);
CREATE INDEX sso_proof_by_user ON platform.sso_proof (user_id);

-- Log-out tokens that were taken: none counts twice.
CREATE TABLE platform.sso_logout_token (
  for_org uuid NOT NULL REFERENCES gatehouse.org (org_id) ON DELETE CASCADE,
  -- SHA-256 of the token's id.
  digest bytea NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (for_org, digest)
);
CREATE INDEX sso_logout_token_by_expiry ON platform.sso_logout_token (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON
  platform.sso_flow, platform.sso_link, platform.sso_proof, platform.sso_logout_token TO gatehouse_gate;

-- Whom an issuer vouched for, and how, while their second factor is owed.
ALTER TABLE platform.half_log_in ADD COLUMN arrival jsonb;
