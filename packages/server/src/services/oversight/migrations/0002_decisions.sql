-- How an org routes its decisions; a version never changes. Without a row the defaults hold, as version 1.
CREATE TABLE oversight.decision_policy (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  version integer NOT NULL CHECK (version > 1),
  body jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, version)
);
CALL gatehouse.confine_to_org('oversight.decision_policy', 'SELECT, INSERT');
CALL gatehouse.open_to_eraser('oversight.decision_policy');

-- One decision that was scored and routed. Nothing of a model's output is here but a hash of it.
CREATE TABLE oversight.decision (
  org_id uuid NOT NULL,
  id text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  -- The first decision of those that one request id joins: its own id where it is alone.
  gate_id text NOT NULL,
  request_id text NOT NULL,
  operator_id text,
  domain text NOT NULL,
  pass text NOT NULL CHECK (pass IN ('flat', 'pre_ai', 'post_ai')),
  -- The members that have a name.
  request jsonb NOT NULL,
  request_hash text NOT NULL,
  ai_output_hash text,
  -- What was known beside it when it was scored; null when the engine failed, or the operator's record was erased.
  grounds jsonb,
  evaluation jsonb NOT NULL,
  policy_version integer NOT NULL,
  model_version text NOT NULL,
  norm_id text NOT NULL,
  settings_version integer NOT NULL,
  warnings text[] NOT NULL,
  evidence jsonb,
  -- As it is now: an escalation raises it.
  route text NOT NULL CHECK (route IN ('auto', 'async_review', 'must_review', 'policy_blocked')),
  tier text NOT NULL CHECK (tier IN ('low', 'medium', 'high', 'critical')),
  state text NOT NULL CHECK (state IN ('released', 'pending', 'resolved', 'expired', 'blocked')),
  queue_id text,
  pool text,
  assignee text,
  claimed_until timestamptz(3),
  expires_at timestamptz(3),
  fallback_route text CHECK (fallback_route IN ('auto', 'policy_blocked')),
  token_digest bytea,
  first_resumed_at timestamptz(3),
  resolution jsonb,
  receipt_id text NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK ((state = 'pending') <= (expires_at IS NOT NULL AND fallback_route IS NOT NULL AND queue_id IS NOT NULL)),
  CHECK ((state IN ('resolved', 'expired')) = (resolution IS NOT NULL))
);
CREATE INDEX decision_by_operator ON oversight.decision (org_id, operator_id, id);
CREATE INDEX decision_by_request ON oversight.decision (org_id, request_id, id);
CREATE INDEX decision_by_gate ON oversight.decision (org_id, gate_id, id);
CREATE INDEX decision_by_expiry ON oversight.decision (org_id, expires_at, id) WHERE queue_id IS NOT NULL;
CREATE INDEX decision_by_assignee ON oversight.decision (org_id, assignee) WHERE state = 'pending';
CREATE INDEX decision_due ON oversight.decision (expires_at) WHERE state = 'pending';
CREATE UNIQUE INDEX decision_by_token ON oversight.decision (token_digest) WHERE token_digest IS NOT NULL;
CREATE INDEX decision_by_age ON oversight.decision (received_at);
CALL gatehouse.confine_to_org('oversight.decision', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.decision');
-- Whose a resume token is, before an org is known.
CALL gatehouse.open_to('oversight.decision', 'gatehouse_gate', 'SELECT (org_id, id, token_digest)');
CALL gatehouse.open_to('oversight.decision', 'gatehouse_writer', 'SELECT (org_id, id, received_at, expires_at, state), DELETE');

-- That somebody went on from a resolution is noted, not decided.
CALL gatehouse.open_to_telemetry('oversight.decision', 'UPDATE (first_resumed_at)');

-- What reviewers did with a decision, in order.
CREATE TABLE oversight.decision_review (
  org_id uuid NOT NULL,
  id text NOT NULL,
  decision_id text NOT NULL,
  at timestamptz(3) NOT NULL,
  action text NOT NULL CHECK (action IN ('claim', 'release', 'assign', 'approve', 'modify', 'reject', 'escalate', 'override')),
  reviewer_id text NOT NULL,
  -- The role of a member; null where a key named the reviewer.
  reviewer_role text,
  assignee text,
  reason_code text,
  note text,
  decision_time_ms integer,
  edited_output_hash text,
  evidence jsonb NOT NULL,
  -- Where the review was scored as the reviewer's own.
  interaction_id text,
  receipt_id text NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, decision_id) REFERENCES oversight.decision (org_id, id) ON DELETE CASCADE
);
CREATE INDEX decision_review_by_decision ON oversight.decision_review (org_id, decision_id, id);
CREATE INDEX decision_review_by_age ON oversight.decision_review (at);
CALL gatehouse.confine_to_org('oversight.decision_review', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.decision_review');
CALL gatehouse.open_to('oversight.decision_review', 'gatehouse_writer', 'SELECT (at), DELETE');
