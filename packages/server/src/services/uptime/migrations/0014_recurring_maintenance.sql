-- Maintenance that recurs, by a rule of days or by cron. Each of its times is a window of its own, planned ahead.
CREATE TABLE uptime.maintenance_series (
  org_id uuid NOT NULL,
  id text NOT NULL,
  title text,
  scope text NOT NULL CHECK (scope IN ('monitors', 'service', 'all')),
  monitor_ids text[] NOT NULL DEFAULT '{}',
  service_id text,
  starts_at timestamptz(3) NOT NULL,
  rrule text,
  cron text,
  duration_minutes integer NOT NULL CHECK (duration_minutes > 0),
  time_zone text NOT NULL,
  notify boolean NOT NULL DEFAULT false,
  planned_until timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK ((rrule IS NULL) <> (cron IS NULL))
);
CALL gatehouse.confine_to_org('uptime.maintenance_series', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('uptime.maintenance_series');
CALL gatehouse.hint_at('uptime.maintenance_series', 'maintenance', 'INSERT OR DELETE OR UPDATE');

ALTER TABLE uptime.maintenance_window ADD COLUMN series_id text;
CREATE INDEX maintenance_window_by_series ON uptime.maintenance_window (org_id, series_id, starts_at)
  WHERE series_id IS NOT NULL;
