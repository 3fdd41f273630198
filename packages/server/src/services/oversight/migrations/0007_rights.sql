-- Who sent it: the kind and the id of a principal. Whoever sent a decision does not judge a contest of it.
ALTER TABLE oversight.interaction ADD COLUMN sent_by text NOT NULL DEFAULT '';

-- Which member's account belongs to which operator.
CREATE TABLE oversight.operator_member (
  org_id uuid NOT NULL,
  user_id text NOT NULL,
  operator_id text NOT NULL,
  tied_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, user_id)
);
CREATE INDEX operator_member_by_operator ON oversight.operator_member (org_id, operator_id);
CALL gatehouse.confine_to_org('oversight.operator_member', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.operator_member');

-- A person's own way to what is held about them.
CREATE TABLE oversight.access_link (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  operator_id text NOT NULL,
  token_digest bytea NOT NULL UNIQUE,
  created_at timestamptz(3) NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  last_used_at timestamptz(3),
  PRIMARY KEY (org_id, id)
);
CREATE INDEX access_link_by_operator ON oversight.access_link (org_id, operator_id, created_at);
CREATE INDEX access_link_by_age ON oversight.access_link (expires_at);
CALL gatehouse.confine_to_org('oversight.access_link', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.access_link');
CALL gatehouse.open_to('oversight.access_link', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to('oversight.access_link', 'gatehouse_writer', 'SELECT (expires_at), DELETE');

-- What an authenticator is asked to sign when it is enrolled.
CREATE TABLE oversight.enrolment (
  org_id uuid NOT NULL,
  operator_id text NOT NULL,
  -- The link or the session that asked.
  bound_to text NOT NULL,
  challenge text NOT NULL,
  rp_id text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, operator_id, bound_to)
);
CREATE INDEX enrolment_by_age ON oversight.enrolment (expires_at);
CALL gatehouse.confine_to_org('oversight.enrolment', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.enrolment');
CALL gatehouse.open_to('oversight.enrolment', 'gatehouse_writer', 'SELECT (expires_at), DELETE');

-- Who looked at a person's figures, once a day each.
CREATE TABLE oversight.profile_view (
  org_id uuid NOT NULL,
  operator_id text NOT NULL,
  day integer NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, operator_id, day, actor_kind, actor_id)
);
CREATE INDEX profile_view_by_age ON oversight.profile_view (at);
CALL gatehouse.confine_to_org('oversight.profile_view', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('oversight.profile_view');
CALL gatehouse.open_to('oversight.profile_view', 'gatehouse_writer', 'SELECT (at), DELETE');

-- A person's objection to one of their decisions as it is held.
CREATE TABLE oversight.contest (
  org_id uuid NOT NULL,
  id text NOT NULL,
  operator_id text NOT NULL,
  domain text NOT NULL,
  interaction_id text NOT NULL,
  session_id text NOT NULL,
  reason text NOT NULL CHECK (reason IN ('wrong_outcome', 'not_me', 'wrong_telemetry', 'unfair_case', 'other')),
  statement text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'upheld', 'rejected', 'lapsed')),
  opened_at timestamptz(3) NOT NULL,
  due_at timestamptz(3) NOT NULL,
  decided_at timestamptz(3),
  decided_by text,
  -- What was done: exclude or correct, and with which values.
  remedy jsonb,
  answer text,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX contest_open ON oversight.contest (org_id, interaction_id) WHERE state = 'open';
CREATE INDEX contest_by_operator ON oversight.contest (org_id, operator_id, opened_at);
CREATE INDEX contest_by_state ON oversight.contest (org_id, state, id);
CREATE INDEX contest_due ON oversight.contest (due_at) WHERE state = 'open';
CREATE INDEX contest_by_age ON oversight.contest (opened_at);
CALL gatehouse.confine_to_org('oversight.contest', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.contest');
CALL gatehouse.open_to('oversight.contest', 'gatehouse_writer', 'SELECT (org_id, id, due_at, state, opened_at), DELETE');

-- Who was erased, as a keyed hash alone.
CREATE TABLE oversight.erased_operator (
  org_id uuid NOT NULL,
  operator_hash text NOT NULL,
  erased_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, operator_hash)
);
CALL gatehouse.confine_to_org('oversight.erased_operator', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('oversight.erased_operator');

CREATE FUNCTION oversight.negate_counters(a bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg(-x ORDER BY position) FROM unnest(a) WITH ORDINALITY AS members (x, position)
$$;
