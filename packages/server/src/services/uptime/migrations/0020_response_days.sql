-- The response times of a monitor on one day in UTC, computed once the day is over, so that reading months of them does not
-- take every check. By the length of a bucket in seconds, the day's buckets that have checks.
CREATE TABLE uptime.response_day (
  org_id uuid NOT NULL,
  monitor_id text NOT NULL,
  day timestamptz(3) NOT NULL,
  buckets jsonb NOT NULL,
  PRIMARY KEY (org_id, monitor_id, day),
  FOREIGN KEY (org_id, monitor_id) REFERENCES uptime.monitor (org_id, id) ON DELETE CASCADE
);
CREATE INDEX response_day_by_age ON uptime.response_day (day);
CALL gatehouse.confine_to_org('uptime.response_day', 'SELECT, DELETE');
CALL gatehouse.open_to_telemetry('uptime.response_day', 'DELETE');
CALL gatehouse.open_to('uptime.response_day', 'gatehouse_writer', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('uptime.response_day');

-- Either a late result waits for the computation and removes it, or the computation waits for the result and has it.
CREATE FUNCTION uptime.response_day_lock(org uuid, monitor text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended('uptime.response_day:' || org || ':' || monitor, 0)
$$;

-- A result that arrives after its day: the day is computed again.
CREATE FUNCTION uptime.outdate_response_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(uptime.response_day_lock(NEW.org_id, NEW.monitor_id));
  DELETE FROM uptime.response_day
   WHERE org_id = NEW.org_id AND monitor_id = NEW.monitor_id AND day = date_trunc('day', NEW.started_at, 'UTC');
  RETURN NULL;
END
$$;
CREATE TRIGGER outdate_response_day AFTER INSERT ON uptime.check_result FOR EACH ROW
  WHEN (NEW.started_at < date_trunc('day', now(), 'UTC')) EXECUTE FUNCTION uptime.outdate_response_day();
