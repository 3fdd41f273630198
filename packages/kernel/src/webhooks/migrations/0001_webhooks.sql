-- Who wants to hear of what. The secret is sealed; it is shown once, when it is made.
CREATE TABLE gatehouse.webhook_endpoint (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  -- Whose events these are: the platform's or one service's.
  service text NOT NULL,
  url text NOT NULL,
  description text NOT NULL CHECK (char_length(description) <= 200),
  events text[] NOT NULL CHECK (cardinality(events) > 0),
  sealed_secret text NOT NULL,
  -- The secret before the last rotation, which signs beside the new one until then.
  sealed_previous text,
  previous_until timestamptz(3),
  state text NOT NULL CHECK (state IN ('enabled', 'disabled')),
  disabled_because text,
  -- Since when every attempt has failed; null after a success.
  failing_since timestamptz(3),
  -- The last share of the time that failures may go on of which the owners were told.
  told_percent smallint NOT NULL DEFAULT 0,
  -- A receiver that asked for time is left alone until then.
  not_before timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK ((sealed_previous IS NULL) = (previous_until IS NULL)),
  CHECK ((state = 'disabled') = (disabled_because IS NOT NULL))
);
CALL gatehouse.confine_to_org('gatehouse.webhook_endpoint', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('gatehouse.webhook_endpoint', 'gatehouse_writer', 'SELECT, UPDATE');

-- One event as it is sent: the very bytes, to every endpoint and on every attempt.
CREATE TABLE gatehouse.webhook_message (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  service text NOT NULL,
  type text NOT NULL,
  body text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX webhook_message_by_age ON gatehouse.webhook_message (created_at);
CALL gatehouse.confine_to_org('gatehouse.webhook_message', 'SELECT, INSERT');
CALL gatehouse.open_to('gatehouse.webhook_message', 'gatehouse_writer', 'SELECT, DELETE');

-- The outbox: one row a message and endpoint, written with the event.
CREATE TABLE gatehouse.webhook_delivery (
  org_id uuid NOT NULL,
  endpoint_id text NOT NULL,
  message_id text NOT NULL,
  -- `held` waits for a disabled endpoint to be enabled again.
  state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'held')),
  attempts_made smallint NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  -- Set while a node is sending; when it lapses, another node takes over.
  lease_id uuid,
  lease_until timestamptz(3),
  last_status smallint,
  last_error text,
  created_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  PRIMARY KEY (org_id, endpoint_id, message_id),
  FOREIGN KEY (org_id, endpoint_id) REFERENCES gatehouse.webhook_endpoint (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, message_id) REFERENCES gatehouse.webhook_message (org_id, id) ON DELETE CASCADE,
  CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL))
);
-- Led by the endpoint, so that a claim steps from one endpoint to the next whatever its backlog.
CREATE INDEX webhook_delivery_due ON gatehouse.webhook_delivery (org_id, endpoint_id, next_attempt_at)
  WHERE state = 'pending';
CREATE INDEX webhook_delivery_by_message ON gatehouse.webhook_delivery (org_id, message_id);
CREATE INDEX webhook_delivery_by_lease ON gatehouse.webhook_delivery (lease_id) WHERE lease_id IS NOT NULL;
CALL gatehouse.confine_to_org('gatehouse.webhook_delivery', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to('gatehouse.webhook_delivery', 'gatehouse_writer', 'SELECT, UPDATE, DELETE');

-- Every attempt, by month, so that retention drops partitions.
CREATE TABLE gatehouse.webhook_attempt (
  org_id uuid NOT NULL,
  endpoint_id text NOT NULL,
  message_id text NOT NULL,
  at timestamptz(3) NOT NULL,
  status smallint,
  -- An egress error code; null when an answer came.
  error text,
  duration_ms integer NOT NULL,
  next_attempt_at timestamptz(3)
) PARTITION BY RANGE (at);
CREATE INDEX webhook_attempt_by_delivery ON gatehouse.webhook_attempt (org_id, endpoint_id, message_id, at);
CALL gatehouse.confine_to_org('gatehouse.webhook_attempt', 'SELECT');
CALL gatehouse.open_to('gatehouse.webhook_attempt', 'gatehouse_writer', 'INSERT');
