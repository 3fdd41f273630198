CREATE TABLE gatehouse.api_key (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  service text NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  -- The leading characters that may be shown; the rest of the key is nowhere.
  prefix text NOT NULL,
  -- HMAC-SHA-256 of the whole key under the pepper of that version.
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  pepper_version integer NOT NULL,
  scopes text[] NOT NULL,
  kind text NOT NULL CHECK (kind IN ('persistent', 'expiring', 'session')),
  expires_at timestamptz(3),
  -- CIDRs that the key works from; empty: from anywhere.
  ip_allow text[] NOT NULL,
  -- Requests a window in place of the policy's figure.
  rate_limit integer CHECK (rate_limit > 0),
  created_at timestamptz(3) NOT NULL,
  created_by text NOT NULL,
  last_used_at timestamptz(3),
  revoked_at timestamptz(3),
  revoked_by text,
  -- The key that took this one's place, and until when this one still works beside it.
  replaced_by text,
  overlap_until timestamptz(3),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, replaced_by) REFERENCES gatehouse.api_key (org_id, id),
  CHECK ((kind = 'persistent') = (expires_at IS NULL)),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
  CHECK (overlap_until IS NULL OR replaced_by IS NOT NULL)
);
-- Not unique: two keys may share what is shown of them, so the gate compares every candidate.
CREATE INDEX api_key_by_prefix ON gatehouse.api_key (prefix);
CREATE INDEX api_key_by_pepper ON gatehouse.api_key (pepper_version);
-- The app role writes digests and never reads one.
CALL gatehouse.confine_to_org(
  'gatehouse.api_key',
  'SELECT (org_id, id, service, name, prefix, scopes, kind, expires_at, ip_allow, rate_limit, created_at, created_by,
           last_used_at, revoked_at, revoked_by, replaced_by, overlap_until),
   INSERT,
   UPDATE (name, scopes, ip_allow, rate_limit, revoked_at, revoked_by, replaced_by, overlap_until)');
CALL gatehouse.open_to(
  'gatehouse.api_key', 'gatehouse_gate', 'SELECT, UPDATE (digest, pepper_version, last_used_at)');

-- Every lifecycle event of a key, with the address it came from: a view of the audit chain (K8).
CREATE VIEW gatehouse.key_audit WITH (security_invoker = true) AS
SELECT org_id,
       seq,
       ts AS at,
       event_type AS event,
       resource_id AS key_id,
       actor_id,
       (payload::jsonb ->> 'ip')::inet AS ip,
       payload::jsonb -> 'detail' AS detail
  FROM gatehouse.audit_entry
 WHERE event_type LIKE 'key.%';
GRANT SELECT ON gatehouse.key_audit TO gatehouse_app;
