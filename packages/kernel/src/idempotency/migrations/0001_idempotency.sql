-- What a request under an Idempotency-Key was answered; until it is, the row keeps its twins out.
CREATE TABLE gatehouse.idempotency (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  -- The key or the person that asked: two callers never meet under the same text.
  subject text NOT NULL,
  endpoint text NOT NULL,
  -- SHA-256 of the header's value, which may hold anything.
  key_digest bytea NOT NULL CHECK (octet_length(key_digest) = 32),
  fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
  -- Null while the first request is under way.
  status smallint,
  media_type text,
  body text,
  -- Until when a request that never ended, because its node died, keeps its twins out.
  busy_until timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, subject, endpoint, key_digest),
  CHECK ((status IS NULL) = (body IS NULL) AND (status IS NULL) = (media_type IS NULL))
);
CREATE INDEX idempotency_by_expiry ON gatehouse.idempotency (expires_at);
CALL gatehouse.confine_to_org('gatehouse.idempotency', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('gatehouse.idempotency', 'gatehouse_writer', 'SELECT, DELETE');
