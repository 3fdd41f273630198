-- Everything that is sent, whatever by: a row commits with the event that it tells of, and says what is left to do.
CREATE TABLE gatehouse.delivery (
  org_id uuid NOT NULL,
  -- Whose rules it follows: webhooks, mails, or the channels of a service.
  queue text NOT NULL,
  destination_id text NOT NULL,
  -- What a receiver is shown on every attempt, so that it can tell a repeat.
  id text NOT NULL,
  event text NOT NULL,
  -- The very bytes that are sent, or what they are written from.
  body text NOT NULL,
  -- Deliveries of one topic to one destination leave in the order of their numbers.
  topic text,
  seq integer,
  -- Tells apart repeated events of one topic.
  occurrence text,
  -- `held` waits for its destination to be opened again.
  state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'held', 'suppressed', 'merged')),
  attempts_made smallint NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  -- Set while a node is sending; when it lapses, another node takes over.
  lease_id uuid,
  lease_until timestamptz(3),
  last_status smallint,
  last_error text,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  PRIMARY KEY (org_id, queue, destination_id, id),
  CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
  CHECK ((topic IS NULL) = (seq IS NULL))
);

-- Every attempt, as long as its queue keeps its log.
CREATE TABLE gatehouse.delivery_attempt (
  org_id uuid NOT NULL,
  queue text NOT NULL,
  destination_id text NOT NULL,
  delivery_id text NOT NULL,
  at timestamptz(3) NOT NULL,
  status smallint,
  -- Why it did not get through, in the words of its kind; null where the status says it, or where it did.
  error text,
  duration_ms integer NOT NULL,
  next_attempt_at timestamptz(3)
);

-- Destinations that do not take what they are sent; one without a row is well.
CREATE TABLE gatehouse.ailing_destination (
  org_id uuid NOT NULL,
  queue text NOT NULL,
  destination_id text NOT NULL,
  -- Since when every attempt has failed.
  failing_since timestamptz(3),
  -- The last share of the time that failures may go on of which the owners were told.
  told_percent smallint NOT NULL DEFAULT 0,
  -- Deliveries given up since the last that got through.
  given_up integer NOT NULL DEFAULT 0,
  -- A receiver that asked for time is left alone until then.
  not_before timestamptz(3),
  PRIMARY KEY (org_id, queue, destination_id)
);

-- What webhooks had in tables of their own moves here. The owner of the tables reads across organisations for this once.
ALTER TABLE gatehouse.webhook_delivery NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.webhook_message NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.webhook_attempt NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.webhook_endpoint NO FORCE ROW LEVEL SECURITY;
INSERT INTO gatehouse.delivery (org_id, queue, destination_id, id, event, body, state, attempts_made, next_attempt_at,
                                lease_id, lease_until, last_status, last_error, created_at, updated_at, finished_at)
SELECT d.org_id, 'webhooks', d.endpoint_id, d.message_id, m.type, m.body, d.state, d.attempts_made, d.next_attempt_at,
       d.lease_id, d.lease_until, d.last_status, d.last_error, d.created_at, coalesce(d.finished_at, d.created_at),
       d.finished_at
  FROM gatehouse.webhook_delivery d
  JOIN gatehouse.webhook_message m ON m.org_id = d.org_id AND m.id = d.message_id;
INSERT INTO gatehouse.delivery_attempt (org_id, queue, destination_id, delivery_id, at, status, error, duration_ms,
                                        next_attempt_at)
SELECT org_id, 'webhooks', endpoint_id, message_id, at, status, error, duration_ms, next_attempt_at
  FROM gatehouse.webhook_attempt;
INSERT INTO gatehouse.ailing_destination (org_id, queue, destination_id, failing_since, told_percent, not_before)
SELECT org_id, 'webhooks', id, failing_since, told_percent, not_before
  FROM gatehouse.webhook_endpoint WHERE failing_since IS NOT NULL OR not_before IS NOT NULL;
DELETE FROM gatehouse.webhook_delivery;
DELETE FROM gatehouse.webhook_message;
DELETE FROM gatehouse.webhook_attempt;
ALTER TABLE gatehouse.webhook_endpoint DROP COLUMN failing_since, DROP COLUMN told_percent, DROP COLUMN not_before;
ALTER TABLE gatehouse.webhook_delivery FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.webhook_message FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.webhook_attempt FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.webhook_endpoint FORCE ROW LEVEL SECURITY;

-- Led by the destination, so that a claim steps from one to the next whatever its backlog.
CREATE INDEX delivery_due ON gatehouse.delivery (queue, org_id, destination_id, next_attempt_at)
  WHERE state = 'pending';
CREATE INDEX delivery_by_lease ON gatehouse.delivery (lease_id) WHERE lease_id IS NOT NULL;
CREATE INDEX delivery_by_topic ON gatehouse.delivery (org_id, queue, topic, destination_id, seq)
  WHERE topic IS NOT NULL;
CREATE UNIQUE INDEX delivery_once ON gatehouse.delivery (org_id, queue, topic, destination_id, event, occurrence)
  WHERE topic IS NOT NULL AND occurrence IS NOT NULL;
-- By these, retention finds what is old.
CREATE INDEX delivery_by_end ON gatehouse.delivery (queue, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX delivery_held_by_age ON gatehouse.delivery (queue, created_at) WHERE state = 'held';
CREATE INDEX delivery_attempt_by_delivery ON gatehouse.delivery_attempt
  (org_id, queue, destination_id, delivery_id, at);
CREATE INDEX delivery_attempt_by_age ON gatehouse.delivery_attempt (queue, at);

CALL gatehouse.confine_to_org('gatehouse.delivery', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('gatehouse.delivery', 'gatehouse_writer', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('gatehouse.delivery', 'gatehouse_gate', 'INSERT');
CALL gatehouse.open_to_eraser('gatehouse.delivery');
CALL gatehouse.confine_to_org('gatehouse.delivery_attempt', 'SELECT');
CALL gatehouse.open_to('gatehouse.delivery_attempt', 'gatehouse_writer', 'SELECT (queue, at, ctid), INSERT, DELETE');
CALL gatehouse.open_to_eraser('gatehouse.delivery_attempt');
CALL gatehouse.confine_to_org('gatehouse.ailing_destination', 'SELECT, DELETE');
CALL gatehouse.open_to('gatehouse.ailing_destination', 'gatehouse_writer', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('gatehouse.ailing_destination');
