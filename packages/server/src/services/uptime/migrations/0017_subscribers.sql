-- Who is told what a status page tells its readers.
CREATE TABLE uptime.subscriber (
  org_id uuid NOT NULL,
  id text NOT NULL,
  service_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('email', 'webhook')),
  -- An e-mail address, or the host of a webhook.
  address text NOT NULL,
  -- The token of the links to this subscription and, of a webhook, its URL and secret.
  sealed_config text NOT NULL,
  token_digest text NOT NULL UNIQUE,
  language text NOT NULL CHECK (language IN ('en', 'ja')),
  -- Empty: all.
  component_ids text[] NOT NULL DEFAULT '{}',
  -- Null: whoever reads the mailbox has not agreed yet, and may until it expires.
  confirmed_at timestamptz(3),
  expires_at timestamptz(3),
  -- How many mails have asked for that.
  mails_sent smallint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK ((confirmed_at IS NULL) = (expires_at IS NOT NULL)),
  FOREIGN KEY (org_id, service_id) REFERENCES uptime.service (org_id, id) ON DELETE CASCADE
);
CREATE INDEX subscriber_by_service ON uptime.subscriber (org_id, service_id, id);
CREATE UNIQUE INDEX subscriber_once ON uptime.subscriber (org_id, service_id, address) WHERE kind = 'email';
CREATE INDEX subscriber_by_expiry ON uptime.subscriber (expires_at) WHERE expires_at IS NOT NULL;
CALL gatehouse.confine_to_org('uptime.subscriber', 'SELECT, INSERT, UPDATE, DELETE');
-- A link names a subscription, of whatever organisation.
CALL gatehouse.open_to('uptime.subscriber', 'gatehouse_gate', 'SELECT (org_id, id, token_digest)');
-- Retention deletes by expiry.
CALL gatehouse.open_to('uptime.subscriber', 'gatehouse_writer', 'SELECT (expires_at), DELETE');
-- Strangers ask; nobody has decided anything before the mailbox agrees.
CALL gatehouse.open_to_telemetry('uptime.subscriber', 'INSERT, UPDATE');
CALL gatehouse.open_to_eraser('uptime.subscriber');
