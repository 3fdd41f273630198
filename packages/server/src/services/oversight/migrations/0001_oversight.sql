CREATE SCHEMA oversight;
GRANT USAGE ON SCHEMA oversight TO gatehouse_app, gatehouse_gate, gatehouse_writer, gatehouse_eraser;

-- Adds two vectors of counters, member by member.
CREATE FUNCTION oversight.add_counters(a bigint[], b bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY position)
    FROM unnest(a, b) WITH ORDINALITY AS pairs (x, y, position)
$$;

-- What an org decided about its own figures; a version never changes. Without a row the defaults hold, as version 1.
CREATE TABLE oversight.settings (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  version integer NOT NULL CHECK (version > 1),
  body jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, version)
);
CALL gatehouse.confine_to_org('oversight.settings', 'SELECT, INSERT');
CALL gatehouse.open_to_eraser('oversight.settings');

-- The times and priors that a domain's scores are measured against; a version never changes.
CREATE TABLE oversight.norm (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  domain text NOT NULL,
  version integer NOT NULL,
  norm_id text NOT NULL,
  effective_day integer NOT NULL,
  t_min_ms integer NOT NULL,
  t_ref_ms integer NOT NULL,
  prior numeric(4, 1)[] NOT NULL CHECK (cardinality(prior) = 7),
  n_trials integer NOT NULL,
  n_operators integer NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, domain, version)
);
CALL gatehouse.confine_to_org('oversight.norm', 'SELECT, INSERT');
CALL gatehouse.open_to_eraser('oversight.norm');

-- The pseudonymous person who decides; created on first sight.
CREATE TABLE oversight.operator (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  operator_id text NOT NULL,
  role_class text NOT NULL DEFAULT 'high_risk' CHECK (role_class IN ('standard', 'high_risk', 'critical')),
  notice_given_at timestamptz(3),
  notice_version text,
  first_seen_at timestamptz(3) NOT NULL,
  last_seen_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, operator_id)
);
CREATE INDEX operator_by_activity ON oversight.operator (org_id, last_seen_at DESC, operator_id);
CALL gatehouse.confine_to_org('oversight.operator', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.operator');

-- One human decision with AI advice. Fractions are in permille. Partitioned by the month of receipt.
CREATE TABLE oversight.interaction (
  org_id uuid NOT NULL,
  id text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  operator_id text NOT NULL,
  domain text NOT NULL,
  session_id text NOT NULL,
  request_id text,
  case_id text,
  label text,
  -- The domain's Interaction as it is counted now.
  inputs jsonb NOT NULL,
  -- What was sent beside it and enters no score: phases, kept metadata.
  beside jsonb,
  state text NOT NULL CHECK (state IN ('open', 'committed', 'excluded')),
  commit_fingerprint text,
  evidence jsonb NOT NULL,
  evidence_grade text NOT NULL CHECK (evidence_grade IN ('asserted', 'anchored', 'attested')),
  occurred_at timestamptz(3) NOT NULL,
  day integer NOT NULL,
  source text NOT NULL CHECK (source IN ('score', 'batch', 'import', 'review')),
  norm_id text NOT NULL,
  t_min_ms integer NOT NULL,
  t_ref_ms integer NOT NULL,
  settings_version integer NOT NULL,
  model_version text NOT NULL,
  -- Of its score.
  ledger_seq integer NOT NULL,
  -- Whether it followed a discovered error; null until its decision is known, and for unaided trials.
  is_post_error boolean,
  receipt_id text NOT NULL,
  PRIMARY KEY (org_id, id, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX interaction_by_operator ON oversight.interaction (org_id, operator_id, domain, ledger_seq);
CREATE INDEX interaction_by_session ON oversight.interaction (org_id, session_id);
CREATE INDEX interaction_by_request ON oversight.interaction (org_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX interaction_by_case ON oversight.interaction (org_id, domain, case_id) WHERE case_id IS NOT NULL;
CREATE INDEX interaction_by_age ON oversight.interaction (received_at);
CALL gatehouse.confine_to_org('oversight.interaction', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.interaction');
CALL gatehouse.open_to('oversight.interaction', 'gatehouse_writer', 'SELECT (received_at), DELETE');

-- A session holds interactions of one operator in one domain. Where it names a single item (of a batch or an import), the
-- row is that item's name too.
CREATE TABLE oversight.session (
  org_id uuid NOT NULL,
  session_id text NOT NULL,
  operator_id text NOT NULL,
  domain text NOT NULL,
  content_hash text,
  interaction_id text,
  received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, session_id)
);
CREATE INDEX session_by_operator ON oversight.session (org_id, operator_id);
CREATE INDEX session_by_age ON oversight.session (received_at);
CALL gatehouse.confine_to_org('oversight.session', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.session');
CALL gatehouse.open_to('oversight.session', 'gatehouse_writer', 'SELECT (received_at), DELETE');

-- Under which further names the interactions of a session are known: what is named twice is counted once.
CREATE TABLE oversight.session_key (
  org_id uuid NOT NULL,
  session_id text NOT NULL,
  -- `r:` + request id, `c:` + content hash, or `b:` + hash of a batch + `:` + place in it.
  name text NOT NULL,
  content_hash text NOT NULL,
  interaction_id text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, session_id, name),
  FOREIGN KEY (org_id, session_id) REFERENCES oversight.session (org_id, session_id) ON DELETE CASCADE
);
CREATE INDEX session_key_by_age ON oversight.session_key (received_at);
CALL gatehouse.confine_to_org('oversight.session_key', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('oversight.session_key');
CALL gatehouse.open_to('oversight.session_key', 'gatehouse_writer', 'SELECT (received_at), DELETE');

-- What happened to the counters of an operator in a domain, without a gap from 1.
CREATE TABLE oversight.ledger_event (
  org_id uuid NOT NULL,
  operator_id text NOT NULL,
  domain text NOT NULL,
  ledger_seq integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('score', 'commit', 'outcome', 'exclude', 'correct')),
  interaction_id text NOT NULL,
  -- The interaction's inputs and evidence from this event on; null when it leaves the counters.
  data jsonb,
  day integer NOT NULL,
  -- The result that was shown: what its receipt commits to.
  shown jsonb NOT NULL,
  receipt_id text NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, operator_id, domain, ledger_seq)
);
CREATE INDEX ledger_event_by_interaction ON oversight.ledger_event (org_id, interaction_id, ledger_seq);
CREATE INDEX ledger_event_by_age ON oversight.ledger_event (at);
CALL gatehouse.confine_to_org('oversight.ledger_event', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('oversight.ledger_event');
CALL gatehouse.open_to('oversight.ledger_event', 'gatehouse_writer', 'SELECT (at), DELETE');

-- The only aggregates: whole numbers by UTC day, numbered from 1970-01-01.
CREATE TABLE oversight.operator_day (
  org_id uuid NOT NULL,
  operator_id text NOT NULL,
  domain text NOT NULL,
  day integer NOT NULL,
  counters bigint[] NOT NULL CHECK (cardinality(counters) = 72),
  side bigint[] NOT NULL CHECK (cardinality(side) = 11),
  PRIMARY KEY (org_id, operator_id, domain, day)
);
CREATE INDEX operator_day_by_day ON oversight.operator_day (org_id, domain, day);
CALL gatehouse.confine_to_org('oversight.operator_day', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.operator_day');

CREATE TABLE oversight.org_day (
  org_id uuid NOT NULL,
  domain text NOT NULL,
  day integer NOT NULL,
  counters bigint[] NOT NULL CHECK (cardinality(counters) = 72),
  side bigint[] NOT NULL CHECK (cardinality(side) = 11),
  PRIMARY KEY (org_id, domain, day)
);
CALL gatehouse.confine_to_org('oversight.org_day', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.org_day');

-- What one row answers a profile with: a fold of the operator's days as of one of them.
CREATE TABLE oversight.operator_state (
  org_id uuid NOT NULL,
  operator_id text NOT NULL,
  domain text NOT NULL,
  as_of_day integer NOT NULL,
  ledger_seq integer NOT NULL,
  post_left smallint NOT NULL CHECK (post_left BETWEEN 0 AND 3),
  -- Weighted by recency, in millionths of a counter's unit.
  sums numeric(40, 0)[] NOT NULL CHECK (cardinality(sums) = 72),
  window_counts bigint[] NOT NULL CHECK (cardinality(window_counts) = 72),
  window_side bigint[] NOT NULL CHECK (cardinality(window_side) = 11),
  counted bigint NOT NULL,
  first_day integer,
  -- The published score, null while withheld.
  jis numeric(4, 1),
  last_received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, operator_id, domain)
);
CREATE INDEX operator_state_by_day ON oversight.operator_state (org_id, as_of_day);
CALL gatehouse.confine_to_org('oversight.operator_state', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.operator_state');
CALL gatehouse.open_to('oversight.operator_state', 'gatehouse_writer', 'SELECT (org_id, operator_id, domain, as_of_day)');

-- The last value of each day; null where it was withheld.
CREATE TABLE oversight.operator_history (
  org_id uuid NOT NULL,
  operator_id text NOT NULL,
  domain text NOT NULL,
  day integer NOT NULL,
  jis numeric(4, 1),
  low numeric(4, 1),
  high numeric(4, 1),
  dimensions numeric(4, 1)[] NOT NULL CHECK (cardinality(dimensions) = 7),
  n_effective numeric(12, 4) NOT NULL,
  PRIMARY KEY (org_id, operator_id, domain, day)
);
CALL gatehouse.confine_to_org('oversight.operator_history', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.operator_history');

-- Where in the chain a receipt stands. It outlives the body of its entry.
CREATE TABLE oversight.receipt (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  receipt_id text NOT NULL,
  kind text NOT NULL,
  seq bigint NOT NULL,
  model_version text NOT NULL,
  params_hash text NOT NULL,
  norm_id text,
  settings_version integer NOT NULL,
  PRIMARY KEY (org_id, receipt_id)
);
CREATE INDEX receipt_by_seq ON oversight.receipt (org_id, seq);
CALL gatehouse.confine_to_org('oversight.receipt', 'SELECT, INSERT');
CALL gatehouse.open_to_eraser('oversight.receipt');

-- Adds vectors of counters up over rows.
CREATE AGGREGATE oversight.sum_counters (bigint[]) (SFUNC = oversight.add_counters, STYPE = bigint[], INITCOND = '{}');
