-- A weakness that somebody reported. It belongs to the instance; who reported it and what is sealed.
CREATE TABLE platform.disclosure_case (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id)
    CHECK (org_id = '00000000-0000-4000-8000-000000000000'),
  id text NOT NULL,
  -- By which its reporter speaks of it.
  reference text NOT NULL,
  -- SHA-256 of the code that the reporter was shown, with which they look up how far it has come.
  code_digest bytea NOT NULL,
  report_sealed text NOT NULL,
  wants_credit boolean NOT NULL,
  -- Null: not judged yet.
  severity text CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  received_at timestamptz(3) NOT NULL,
  -- The newest reminder of each clock that was sent, in hours since then.
  acknowledge_reminded_hours integer NOT NULL DEFAULT 0,
  fix_reminded_hours integer NOT NULL DEFAULT 0,
  acknowledged_at timestamptz(3),
  fixed_at timestamptz(3),
  credited_at timestamptz(3),
  closed_at timestamptz(3),
  outcome text CHECK (outcome IN ('fixed', 'no_weakness', 'out_of_scope', 'duplicate')),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, reference),
  CHECK ((closed_at IS NULL) = (outcome IS NULL)),
  CHECK (closed_at IS NULL OR acknowledged_at IS NOT NULL)
);
CREATE INDEX disclosure_case_by_end ON platform.disclosure_case (closed_at) WHERE closed_at IS NOT NULL;
CALL gatehouse.confine_to_org('platform.disclosure_case', 'SELECT, INSERT, UPDATE');
-- Retention deletes cases some years after their end, and reads nothing of them.
CALL gatehouse.open_to('platform.disclosure_case', 'gatehouse_gate', 'SELECT (closed_at, ctid), DELETE');

-- Who is thanked for a report, under the name that they chose. It outlives the case.
CREATE TABLE platform.credit (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id)
    CHECK (org_id = '00000000-0000-4000-8000-000000000000'),
  id text NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  what text NOT NULL CHECK (char_length(what) BETWEEN 1 AND 300),
  credited_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id)
);
CALL gatehouse.confine_to_org('platform.credit', 'SELECT, INSERT');
