-- What went wrong with the security of this instance, and how far its answer has come. It belongs to nobody's org.
CREATE TABLE platform.security_incident (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id)
    CHECK (org_id = '00000000-0000-4000-8000-000000000000'),
  id text NOT NULL,
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
  severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  -- The claim of the security page that failed; null: a person opened it.
  because_claim text,
  scope_orgs text NOT NULL CHECK (scope_orgs IN ('unknown', 'none', 'listed', 'all')),
  scope_data text NOT NULL,
  opened_at timestamptz(3) NOT NULL,
  -- From when the affected are to be told in time: the opening, or when more of them were found after all had been told.
  clock_from timestamptz(3) NOT NULL,
  -- The newest reminder that was sent, in hours since then.
  reminded_hours integer NOT NULL DEFAULT 0,
  contained_at timestamptz(3),
  -- What the affected are told, by language; set once somebody has decided to tell them.
  notice jsonb,
  -- When the last of them was told.
  told_at timestamptz(3),
  -- What is published, by language.
  report jsonb,
  published_at timestamptz(3),
  revised_at timestamptz(3),
  closed_at timestamptz(3),
  closed_because text,
  PRIMARY KEY (org_id, id),
  CHECK ((report IS NULL) = (published_at IS NULL)),
  CHECK (closed_at IS NULL OR contained_at IS NOT NULL)
);
CREATE UNIQUE INDEX security_incident_one_per_claim ON platform.security_incident (org_id, because_claim)
  WHERE closed_at IS NULL;
CALL gatehouse.confine_to_org('platform.security_incident', 'SELECT, INSERT, UPDATE');

-- Whom it touches, and who of them was told.
CREATE TABLE platform.security_incident_org (
  org_id uuid NOT NULL,
  incident_id text NOT NULL,
  affected_org uuid NOT NULL REFERENCES gatehouse.org (org_id),
  told_at timestamptz(3),
  PRIMARY KEY (org_id, incident_id, affected_org),
  FOREIGN KEY (org_id, incident_id) REFERENCES platform.security_incident (org_id, id)
);
CALL gatehouse.confine_to_org('platform.security_incident_org', 'SELECT, INSERT, UPDATE, DELETE');

-- What an affected org is told in the dashboard.
CREATE TABLE platform.security_notice (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  title text NOT NULL,
  severity text NOT NULL,
  message jsonb NOT NULL,
  told_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id)
);
CALL gatehouse.confine_to_org('platform.security_notice', 'SELECT, INSERT');
CALL gatehouse.open_to_eraser('platform.security_notice');

CREATE TABLE platform.security_notice_seen (
  org_id uuid NOT NULL,
  notice_id text NOT NULL,
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  seen_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, notice_id, user_id),
  FOREIGN KEY (org_id, notice_id) REFERENCES platform.security_notice (org_id, id)
);
CREATE INDEX security_notice_seen_by_user ON platform.security_notice_seen (user_id);
CALL gatehouse.confine_to_org('platform.security_notice_seen', 'SELECT, INSERT');
CALL gatehouse.open_to('platform.security_notice_seen', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to_eraser('platform.security_notice_seen');
