-- What happened in an org, in one unbroken row of numbers, for whoever follows it as it happens. Kept for a day, so that
-- a listener who was away for a while misses nothing.
CREATE TABLE gatehouse.live_head (
  org_id uuid PRIMARY KEY,
  seq bigint NOT NULL
);
CREATE TABLE gatehouse.live_event (
  org_id uuid NOT NULL,
  seq bigint NOT NULL,
  at timestamptz(3) NOT NULL,
  topic text NOT NULL,
  subject text NOT NULL,
  event text NOT NULL,
  -- json, not jsonb: members leave in the order in which they were written.
  body json NOT NULL,
  PRIMARY KEY (org_id, seq)
);
CREATE INDEX live_event_by_time ON gatehouse.live_event (at);
CALL gatehouse.confine_to_org('gatehouse.live_head', 'SELECT, INSERT, UPDATE');
CALL gatehouse.confine_to_org('gatehouse.live_event', 'SELECT, INSERT');
CALL gatehouse.open_to_telemetry('gatehouse.live_head', 'INSERT, UPDATE');
CALL gatehouse.open_to_telemetry('gatehouse.live_event', 'INSERT');
CALL gatehouse.open_to('gatehouse.live_head', 'gatehouse_writer', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to('gatehouse.live_event', 'gatehouse_writer', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('gatehouse.live_head');
CALL gatehouse.open_to_eraser('gatehouse.live_event');

-- For triggers that wait for the commit: only there may the row of an org be locked, since a transaction that holds it
-- waits for nothing else any more. What is erased, or follows from another row, is told of nobody.
CREATE FUNCTION gatehouse.tell_live(org uuid, topic text, subject text, event text, body json)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  confined_to text := coalesce(current_setting('gatehouse.org', true), '');
  next_seq bigint;
BEGIN
  IF current_user NOT IN ('gatehouse_app', 'gatehouse_telemetry', 'gatehouse_writer') THEN
    RETURN;
  END IF;
  -- A transaction that founded another org may have gone back to its own.
  PERFORM set_config('gatehouse.org', org::text, true);
  INSERT INTO gatehouse.live_head AS head (org_id, seq) VALUES (org, 1)
    ON CONFLICT (org_id) DO UPDATE SET seq = head.seq + 1
    RETURNING head.seq INTO next_seq;
  INSERT INTO gatehouse.live_event (org_id, seq, at, topic, subject, event, body)
  VALUES (org, next_seq, clock_timestamp(), topic, subject, event, body);
  PERFORM set_config('gatehouse.org', confined_to, true);
  PERFORM gatehouse.invalidate('live:' || org);
END
$$;

-- Says that something of a topic is different, without what: for screens, which ask again. Of one transaction PostgreSQL
-- sends each only once.
CREATE FUNCTION gatehouse.hint_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM gatehouse.invalidate('changed:' || OLD.org_id || ':' || TG_ARGV[0]);
  ELSE
    PERFORM gatehouse.invalidate('changed:' || NEW.org_id || ':' || TG_ARGV[0]);
  END IF;
  RETURN NULL;
END
$$;

-- Hints at a topic whenever that happens to a table: `INSERT OR DELETE OR UPDATE OF name`.
CREATE PROCEDURE gatehouse.hint_at(target regclass, topic text, events text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER hint_live AFTER %s ON %s FOR EACH ROW EXECUTE FUNCTION gatehouse.hint_live(%L)',
                 events, target, topic);
END
$$;

CREATE FUNCTION gatehouse.to_instant(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
