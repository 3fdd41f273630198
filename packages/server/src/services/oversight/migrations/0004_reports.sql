-- What somebody ought to look at; at most one is open for a kind and what it is about.
CREATE TABLE oversight.alert (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high')),
  subject text NOT NULL,
  operator_id text,
  domain text,
  -- What its event says besides whom it is about.
  data jsonb NOT NULL,
  -- Whether the person contests something that it rests on.
  is_contested boolean NOT NULL DEFAULT false,
  opened_at timestamptz(3) NOT NULL,
  acknowledged_at timestamptz(3),
  acknowledged_by text,
  closed_at timestamptz(3),
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX alert_open ON oversight.alert (org_id, kind, subject) WHERE closed_at IS NULL;
CREATE INDEX alert_by_operator ON oversight.alert (org_id, operator_id, domain) WHERE operator_id IS NOT NULL;
CREATE INDEX alert_by_age ON oversight.alert (closed_at);
CALL gatehouse.confine_to_org('oversight.alert', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('oversight.alert');
CALL gatehouse.open_to('oversight.alert', 'gatehouse_writer', 'SELECT (closed_at), DELETE');

-- The band that was told last.
ALTER TABLE oversight.operator_state ADD COLUMN announced_band text;

-- Nightly work looks for what was not folded today, and leaves alone who has nothing that counts any more.
GRANT SELECT (counted) ON oversight.operator_state TO gatehouse_writer;

-- Requests of the service by UTC day: what is usual.
CREATE TABLE oversight.request_day (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  day integer NOT NULL,
  requests integer NOT NULL,
  counted_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, day)
);
CREATE INDEX request_day_by_age ON oversight.request_day (counted_at);
CALL gatehouse.confine_to_org('oversight.request_day', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('oversight.request_day');
CALL gatehouse.open_to('oversight.request_day', 'gatehouse_writer', 'SELECT (org_id, counted_at), DELETE');

-- The assessment that was told last.
CREATE TABLE oversight.announced_assessment (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  assessment text NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id)
);
CALL gatehouse.confine_to_org('oversight.announced_assessment', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to_eraser('oversight.announced_assessment');

-- An import of decisions of the past, and how far it has come. In chunks that commit with it.
CREATE TABLE oversight.import_job (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'finished', 'cancelled')),
  on_error text NOT NULL CHECK (on_error IN ('stop', 'skip')),
  is_dry_run boolean NOT NULL,
  expected_lines bigint,
  lines_committed bigint NOT NULL DEFAULT 0,
  counted bigint NOT NULL DEFAULT 0,
  duplicates bigint NOT NULL DEFAULT 0,
  rejected bigint NOT NULL DEFAULT 0,
  out_of_order bigint NOT NULL DEFAULT 0,
  -- Milliseconds that chunks took, to tell how fast it goes.
  busy_ms bigint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  PRIMARY KEY (org_id, id)
);
CALL gatehouse.confine_to_org('oversight.import_job', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to_eraser('oversight.import_job');

-- A line that was not counted. Never what stood in it.
CREATE TABLE oversight.import_reject (
  org_id uuid NOT NULL,
  import_id text NOT NULL,
  line bigint NOT NULL,
  field text,
  message text NOT NULL,
  rejected_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, import_id, line),
  FOREIGN KEY (org_id, import_id) REFERENCES oversight.import_job (org_id, id)
);
CREATE INDEX import_reject_by_age ON oversight.import_reject (rejected_at);
CALL gatehouse.confine_to_org('oversight.import_reject', 'SELECT, INSERT');
CALL gatehouse.open_to_eraser('oversight.import_reject');
CALL gatehouse.open_to('oversight.import_reject', 'gatehouse_writer', 'SELECT (rejected_at), DELETE');

-- A compliance report in all its forms. Nobody can change one: there is no right to.
CREATE TABLE oversight.report (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  report_id text NOT NULL,
  from_day integer NOT NULL,
  to_day integer NOT NULL,
  is_closed boolean NOT NULL,
  revision integer NOT NULL,
  body text NOT NULL,
  body_hash text NOT NULL,
  html_en text NOT NULL,
  html_en_hash text NOT NULL,
  html_ja text NOT NULL,
  html_ja_hash text NOT NULL,
  pdf bytea NOT NULL,
  pdf_hash text NOT NULL,
  assessment text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  -- Of a period that was still running.
  expires_at timestamptz(3),
  PRIMARY KEY (org_id, report_id)
);
CREATE UNIQUE INDEX report_once ON oversight.report (org_id, from_day, to_day, revision) WHERE is_closed;
CREATE INDEX report_by_time ON oversight.report (org_id, created_at DESC, report_id DESC);
CREATE INDEX report_by_age ON oversight.report (expires_at);
CALL gatehouse.confine_to_org('oversight.report', 'SELECT, INSERT');
CALL gatehouse.open_to_eraser('oversight.report');
CALL gatehouse.open_to('oversight.report', 'gatehouse_writer', 'SELECT (expires_at), DELETE');
