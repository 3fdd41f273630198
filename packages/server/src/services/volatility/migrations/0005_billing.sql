-- A subscription that somebody pays for. It belongs to the org whose claim came first, for good.
CREATE TABLE volatility.paid_subscription (
  subscription_id text PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  bound_at timestamptz(3) NOT NULL,
  -- What its newest event says; without any until one names a price that is known.
  event_id text,
  occurred_at text,
  status text CHECK (status IN ('trialing', 'active', 'past_due', 'paused', 'canceled')),
  plan text,
  period_ends_ms bigint,
  past_due_since_ms bigint
);
CREATE INDEX paid_subscription_of_org ON volatility.paid_subscription (org_id);
CALL gatehouse.confine_to_org('volatility.paid_subscription', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to('volatility.paid_subscription', 'gatehouse_gate', 'SELECT (subscription_id, org_id)');
CALL gatehouse.open_to_eraser('volatility.paid_subscription');

-- What the provider told, once. Of a subscription that nobody has claimed it is the instance's own, and changes nothing.
CREATE TABLE volatility.paddle_event (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  event_id text NOT NULL,
  subscription_id text NOT NULL,
  event_type text NOT NULL,
  -- As it came: more exact than a timestamp of ours.
  occurred_at text NOT NULL,
  status text NOT NULL CHECK (status IN ('trialing', 'active', 'past_due', 'paused', 'canceled')),
  price_ids text[] NOT NULL,
  period_ends_ms bigint,
  disposition text NOT NULL CHECK (disposition IN ('applied', 'superseded', 'unknown_price', 'quarantined')),
  sealed_body text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, event_id)
);
CREATE INDEX paddle_event_of_subscription ON volatility.paddle_event (org_id, subscription_id);
CALL gatehouse.confine_to_org('volatility.paddle_event', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to_eraser('volatility.paddle_event');
