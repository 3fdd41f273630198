-- Numbers of an org's subscriptions: never used again, so that a number stays what it was.
CREATE TABLE volatility.subscription_number (
  org_id uuid PRIMARY KEY REFERENCES gatehouse.org (org_id),
  newest integer NOT NULL CHECK (newest > 0)
);

-- To where an org has events sent, and which. What it is reached by is sealed; `shown` is what may be read of it.
CREATE TABLE volatility.subscription (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  number integer NOT NULL,
  id text NOT NULL,
  kind text NOT NULL,
  shown text NOT NULL,
  sealed_target text NOT NULL,
  -- Of receivers that verify signatures.
  sealed_secret text,
  -- The first of the rotations of the key that made it, whose list of symbols bounds what is sent; null: a member did.
  key_id text,
  events text[] NOT NULL,
  -- Empty: all.
  symbols text[] NOT NULL,
  timeframes text[] NOT NULL,
  to_regimes text[] NOT NULL,
  preset text NOT NULL,
  method text NOT NULL,
  description text NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'disabled', 'paused_by_plan')),
  disabled_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, number),
  UNIQUE (org_id, id)
);
CREATE INDEX subscription_by_preset ON volatility.subscription (preset) WHERE state <> 'paused_by_plan';

-- Which symbols a key may see, by the first of its rotations. Empty lists mean all.
CREATE TABLE volatility.key_allowlist (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  key_id text NOT NULL,
  symbols text[] NOT NULL,
  -- What a member has set; the key itself can only choose within it.
  ceiling text[] NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, key_id)
);

-- What an org says of a transition, or of the whole.
CREATE TABLE volatility.feedback (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  seq bigint,
  symbol text,
  timeframe text,
  verdict text NOT NULL,
  note text,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX feedback_once ON volatility.feedback (org_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX feedback_by_age ON volatility.feedback (created_at);

CALL gatehouse.confine_to_org('volatility.subscription_number', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to_eraser('volatility.subscription_number');
CALL gatehouse.confine_to_org('volatility.subscription', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('volatility.subscription', 'gatehouse_writer', 'SELECT, UPDATE');
CALL gatehouse.open_to_eraser('volatility.subscription');
CALL gatehouse.confine_to_org('volatility.key_allowlist', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('volatility.key_allowlist', 'gatehouse_writer', 'SELECT');
CALL gatehouse.open_to_eraser('volatility.key_allowlist');
CALL gatehouse.confine_to_org('volatility.feedback', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('volatility.feedback', 'gatehouse_writer', 'SELECT, DELETE');
CALL gatehouse.open_to_eraser('volatility.feedback');
