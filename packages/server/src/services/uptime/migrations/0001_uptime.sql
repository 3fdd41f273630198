-- Gives exclusion constraints equality on ordinary columns. Trusted: the database's owner may install it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE SCHEMA uptime;
GRANT USAGE ON SCHEMA uptime TO gatehouse_app, gatehouse_gate, gatehouse_writer;

-- A status page. "Service" is the wire's word.
CREATE TABLE uptime.service (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  id text NOT NULL,
  name text NOT NULL,
  slug text NOT NULL UNIQUE,
  description text,
  is_public boolean NOT NULL DEFAULT false,
  is_default boolean NOT NULL DEFAULT false,
  access text NOT NULL DEFAULT 'members' CHECK (access IN ('public', 'password', 'members')),
  time_zone text NOT NULL DEFAULT 'UTC',
  language text NOT NULL DEFAULT 'auto' CHECK (language IN ('auto', 'en', 'ja')),
  auto_publish boolean NOT NULL DEFAULT true,
  -- Raised by whatever changes what the page shows.
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK (is_public = (access <> 'members'))
);
CREATE UNIQUE INDEX service_one_default ON uptime.service (org_id) WHERE is_default;
CALL gatehouse.confine_to_org('uptime.service', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('uptime.service', 'gatehouse_gate', 'SELECT');

CREATE TABLE uptime.monitor (
  org_id uuid NOT NULL,
  id text NOT NULL,
  service_id text NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  -- What the client sent, in its order, plus the listed defaults; secrets are not here but in sealed_config.
  config json NOT NULL,
  sealed_config text,
  interval_seconds integer NOT NULL CHECK (interval_seconds BETWEEN 60 AND 86400),
  is_active boolean NOT NULL DEFAULT true,
  down_threshold smallint NOT NULL DEFAULT 5 CHECK (down_threshold BETWEEN 1 AND 10),
  up_threshold smallint NOT NULL DEFAULT 1 CHECK (up_threshold BETWEEN 1 AND 10),
  confirm_spacing_seconds smallint CHECK (confirm_spacing_seconds BETWEEN 5 AND 300),
  degraded_after_ms integer CHECK (degraded_after_ms BETWEEN 1 AND 30000),
  notify_degraded boolean NOT NULL DEFAULT false,
  renotify_minutes smallint NOT NULL DEFAULT 0,
  tags text[] NOT NULL DEFAULT '{}',
  last_manual_check_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, service_id) REFERENCES uptime.service (org_id, id)
);
CREATE INDEX monitor_by_service ON uptime.monitor (org_id, service_id);
CALL gatehouse.confine_to_org('uptime.monitor', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('uptime.monitor', 'gatehouse_writer', 'SELECT');

-- The judge's memory of a monitor: the domain's MonitorState, and the columns that queries look at.
CREATE TABLE uptime.monitor_state (
  org_id uuid NOT NULL,
  monitor_id text NOT NULL,
  status text NOT NULL,
  state jsonb NOT NULL,
  last_checked_at timestamptz(3),
  last_error_code text,
  last_error_message text,
  last_response_ms integer,
  -- Results up to here have been judged.
  judged_through timestamptz(3) NOT NULL,
  -- When silence or an ending flap window must be looked at, even if no result comes.
  wake_at timestamptz(3),
  PRIMARY KEY (org_id, monitor_id),
  FOREIGN KEY (org_id, monitor_id) REFERENCES uptime.monitor (org_id, id) ON DELETE CASCADE
);
CREATE INDEX monitor_state_to_wake ON uptime.monitor_state (wake_at) WHERE wake_at IS NOT NULL;
CALL gatehouse.confine_to_org('uptime.monitor_state', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('uptime.monitor_state', 'gatehouse_writer', 'SELECT, UPDATE');

CREATE TABLE uptime.schedule (
  org_id uuid NOT NULL,
  monitor_id text NOT NULL,
  location_id text NOT NULL DEFAULT 'local',
  next_due_at timestamptz(3) NOT NULL,
  slot_at timestamptz(3) NOT NULL,
  confirming boolean NOT NULL DEFAULT false,
  origin text NOT NULL DEFAULT 'scheduled' CHECK (origin IN ('scheduled', 'confirm', 'recover')),
  interval_seconds integer NOT NULL,
  timeout_ms integer NOT NULL,
  lease_id uuid,
  lease_until timestamptz(3),
  lease_node text,
  missed_slots bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, monitor_id, location_id),
  FOREIGN KEY (org_id, monitor_id) REFERENCES uptime.monitor (org_id, id) ON DELETE CASCADE
);
CREATE INDEX schedule_due ON uptime.schedule (confirming, next_due_at);
CREATE INDEX schedule_by_lease ON uptime.schedule (lease_id) WHERE lease_id IS NOT NULL;
CALL gatehouse.confine_to_org('uptime.schedule', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('uptime.schedule', 'gatehouse_writer', 'SELECT, UPDATE');

CREATE TABLE uptime.check_result (
  org_id uuid NOT NULL,
  monitor_id text NOT NULL,
  location_id text NOT NULL,
  started_at timestamptz(3) NOT NULL,
  slot_at timestamptz(3) NOT NULL,
  origin text NOT NULL CHECK (origin IN ('scheduled', 'confirm', 'recover', 'manual', 'ping', 'deadline')),
  outcome text NOT NULL CHECK (outcome IN ('up', 'degraded', 'down', 'unknown')),
  code text,
  -- Parameters of the code's message.
  detail jsonb,
  status_code smallint,
  dns_ms integer,
  connect_ms integer,
  tls_ms integer,
  ttfb_ms integer,
  download_ms integer,
  total_ms integer,
  remote_address text,
  in_maintenance boolean NOT NULL DEFAULT false,
  UNIQUE (org_id, monitor_id, location_id, slot_at, origin, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX check_result_by_monitor ON uptime.check_result (org_id, monitor_id, started_at DESC);
CALL gatehouse.confine_to_org('uptime.check_result', 'SELECT, INSERT');
CALL gatehouse.open_to('uptime.check_result', 'gatehouse_writer', 'SELECT, INSERT');

CREATE TABLE uptime.incident (
  org_id uuid NOT NULL,
  id text NOT NULL,
  monitor_id text,
  service_id text NOT NULL,
  type text NOT NULL CHECK (type IN ('auto', 'manual', 'change', 'warning')),
  status text NOT NULL CHECK (status IN ('ongoing', 'acknowledged', 'resolved')),
  severity text NOT NULL CHECK (severity IN ('critical', 'warning')),
  title text,
  cause text,
  -- The name at the time, for monitors that are gone.
  monitor_name text,
  started_at timestamptz(3) NOT NULL,
  confirmed_at timestamptz(3) NOT NULL,
  acknowledged_at timestamptz(3),
  acknowledged_by text,
  resolved_at timestamptz(3),
  threshold integer,
  public_phase text CHECK (public_phase IN ('investigating', 'identified', 'monitoring', 'resolved', 'postmortem')),
  impact text NOT NULL CHECK (impact IN ('none', 'minor', 'major', 'critical')),
  visibility text NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'hidden')),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, service_id) REFERENCES uptime.service (org_id, id),
  FOREIGN KEY (org_id, monitor_id) REFERENCES uptime.monitor (org_id, id) ON DELETE SET NULL (monitor_id)
);
CREATE UNIQUE INDEX incident_one_open ON uptime.incident (org_id, monitor_id, type)
  WHERE status <> 'resolved' AND type <> 'manual' AND monitor_id IS NOT NULL;
CREATE INDEX incident_by_start ON uptime.incident (org_id, started_at DESC);
CREATE INDEX incident_by_service ON uptime.incident (org_id, service_id, started_at DESC);
CREATE INDEX incident_by_monitor ON uptime.incident (org_id, monitor_id, started_at DESC);
CALL gatehouse.confine_to_org('uptime.incident', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE uptime.incident_update (
  org_id uuid NOT NULL,
  id text NOT NULL,
  incident_id text NOT NULL,
  phase text NOT NULL CHECK (phase IN ('investigating', 'identified', 'monitoring', 'resolved', 'postmortem')),
  body text NOT NULL,
  author_id text,
  display_at timestamptz(3) NOT NULL,
  supersedes text,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, incident_id) REFERENCES uptime.incident (org_id, id) ON DELETE CASCADE
);
CREATE INDEX incident_update_by_incident ON uptime.incident_update (org_id, incident_id, display_at);
CALL gatehouse.confine_to_org('uptime.incident_update', 'SELECT, INSERT, DELETE');

-- The timeline that every percentage comes from: half-open, contiguous and never overlapping per monitor.
CREATE TABLE uptime.state_interval (
  org_id uuid NOT NULL,
  monitor_id text NOT NULL,
  from_ms bigint NOT NULL,
  to_ms bigint,
  state text NOT NULL CHECK (state IN ('up', 'degraded', 'down', 'maintenance', 'paused', 'unknown')),
  -- Unconfirmed failures inside an `up` or `degraded` stretch.
  blip_ms bigint NOT NULL DEFAULT 0,
  incident_id text,
  PRIMARY KEY (org_id, monitor_id, from_ms),
  CHECK (to_ms IS NULL OR to_ms > from_ms),
  EXCLUDE USING gist (
    org_id WITH =,
    monitor_id WITH =,
    int8range(from_ms, to_ms) WITH &&
  ) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX state_interval_one_open ON uptime.state_interval (org_id, monitor_id) WHERE to_ms IS NULL;
CALL gatehouse.confine_to_org('uptime.state_interval', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE uptime.maintenance_window (
  org_id uuid NOT NULL,
  id text NOT NULL,
  title text,
  scope text NOT NULL CHECK (scope IN ('monitors', 'service', 'all')),
  monitor_ids text[] NOT NULL DEFAULT '{}',
  -- Monitors that were taken out of the window before it ended.
  excluded_monitor_ids text[] NOT NULL DEFAULT '{}',
  service_id text,
  starts_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3) NOT NULL,
  auto_resolve boolean NOT NULL DEFAULT true,
  notify boolean NOT NULL DEFAULT false,
  ended_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK (ends_at > starts_at)
);
CREATE INDEX maintenance_window_open ON uptime.maintenance_window (org_id, ends_at) WHERE ended_at IS NULL;
CALL gatehouse.confine_to_org('uptime.maintenance_window', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('uptime.maintenance_window', 'gatehouse_writer', 'SELECT');

CREATE TABLE uptime.heartbeat (
  org_id uuid NOT NULL,
  monitor_id text NOT NULL,
  token_digest text NOT NULL UNIQUE,
  sealed_token text NOT NULL,
  last_ping_at timestamptz(3),
  last_start_at timestamptz(3),
  deadline_at timestamptz(3),
  run_id text,
  PRIMARY KEY (org_id, monitor_id),
  FOREIGN KEY (org_id, monitor_id) REFERENCES uptime.monitor (org_id, id) ON DELETE CASCADE
);
CREATE INDEX heartbeat_due ON uptime.heartbeat (deadline_at) WHERE deadline_at IS NOT NULL;
CALL gatehouse.confine_to_org('uptime.heartbeat', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('uptime.heartbeat', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to('uptime.heartbeat', 'gatehouse_writer', 'SELECT');

CREATE TABLE uptime.heartbeat_ping (
  org_id uuid NOT NULL,
  monitor_id text NOT NULL,
  at timestamptz(3) NOT NULL,
  kind text NOT NULL CHECK (kind IN ('success', 'start', 'fail')),
  exit_code smallint,
  run_id text,
  body text
) PARTITION BY RANGE (at);
CREATE INDEX heartbeat_ping_by_monitor ON uptime.heartbeat_ping (org_id, monitor_id, at DESC);
CALL gatehouse.confine_to_org('uptime.heartbeat_ping', 'SELECT, INSERT');

CREATE TABLE uptime.channel (
  org_id uuid NOT NULL,
  id text NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  sealed_config text NOT NULL,
  -- What may be shown of the config: an e-mail address, a host name.
  summary text NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  verified boolean NOT NULL,
  is_default boolean NOT NULL DEFAULT true,
  delay_seconds integer NOT NULL DEFAULT 0 CHECK (delay_seconds BETWEEN 0 AND 86400),
  events text[] NOT NULL,
  language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'ja')),
  consecutive_dead integer NOT NULL DEFAULT 0,
  last_test_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id)
);
CALL gatehouse.confine_to_org('uptime.channel', 'SELECT, INSERT, UPDATE, DELETE');

-- One mail that asks an address whether it wants notices. Kept without its channel, so that mails stay counted.
CREATE TABLE uptime.channel_verification (
  org_id uuid NOT NULL,
  id text NOT NULL,
  channel_id text,
  email text NOT NULL,
  -- Null until the mail is sent, which is when its token is made, and again once it was used.
  token_digest text UNIQUE,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, channel_id) REFERENCES uptime.channel (org_id, id) ON DELETE SET NULL (channel_id)
);
CREATE INDEX channel_verification_by_email ON uptime.channel_verification (org_id, email, created_at);
CREATE INDEX channel_verification_by_channel ON uptime.channel_verification (org_id, channel_id);
CALL gatehouse.confine_to_org('uptime.channel_verification', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('uptime.channel_verification', 'gatehouse_gate', 'SELECT');

CREATE TABLE uptime.channel_binding (
  org_id uuid NOT NULL,
  monitor_id text NOT NULL,
  channel_id text NOT NULL,
  delay_seconds integer,
  PRIMARY KEY (org_id, monitor_id, channel_id),
  FOREIGN KEY (org_id, monitor_id) REFERENCES uptime.monitor (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, channel_id) REFERENCES uptime.channel (org_id, id) ON DELETE CASCADE
);
CREATE INDEX channel_binding_by_channel ON uptime.channel_binding (org_id, channel_id);
CALL gatehouse.confine_to_org('uptime.channel_binding', 'SELECT, INSERT, DELETE');

-- The outbox: a row commits with the event that it tells of.
CREATE TABLE uptime.delivery (
  org_id uuid NOT NULL,
  -- Also the webhook-id: the same on every attempt.
  id text NOT NULL,
  channel_id text NOT NULL,
  monitor_id text,
  incident_id text,
  event text NOT NULL,
  -- Tells apart repeated events of one incident: reminders, flap windows, tests.
  occurrence text NOT NULL,
  -- Order within (incident, channel).
  seq integer NOT NULL,
  -- json, not jsonb: members leave in the order in which they were written.
  payload json NOT NULL,
  state text NOT NULL CHECK (state IN ('held', 'queued', 'retrying', 'sent', 'failed', 'suppressed', 'merged')),
  reason text,
  attempts jsonb NOT NULL DEFAULT '[]',
  external_ref text,
  next_attempt_at timestamptz(3),
  lease_until timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, channel_id) REFERENCES uptime.channel (org_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX delivery_once ON uptime.delivery (org_id, incident_id, channel_id, event, occurrence);
CREATE INDEX delivery_by_channel ON uptime.delivery (org_id, channel_id, created_at DESC);
CREATE INDEX delivery_by_incident ON uptime.delivery (org_id, incident_id, channel_id, seq);
CREATE INDEX delivery_due ON uptime.delivery (next_attempt_at) WHERE state IN ('queued', 'retrying');
CALL gatehouse.confine_to_org('uptime.delivery', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to('uptime.delivery', 'gatehouse_writer', 'SELECT');

-- Nodes say that they live; a gap with none alive is an outage of ours.
CREATE TABLE uptime.node (
  id text PRIMARY KEY,
  started_at timestamptz(3) NOT NULL,
  last_seen_at timestamptz(3) NOT NULL
);
CREATE TABLE uptime.outage (
  from_at timestamptz(3) PRIMARY KEY,
  to_at timestamptz(3) NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON uptime.node, uptime.outage TO gatehouse_writer;
GRANT SELECT ON uptime.outage TO gatehouse_app;
