-- Calls per UTC day, route and class of status, added up from gatehouse.api_call as they grow old enough to be all there.
CREATE TABLE platform.usage_day (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  -- Midnight UTC.
  day timestamptz(3) NOT NULL,
  method text NOT NULL,
  route text NOT NULL,
  -- The first digit of the status.
  status_class smallint NOT NULL CHECK (status_class BETWEEN 1 AND 5),
  calls bigint NOT NULL CHECK (calls > 0),
  PRIMARY KEY (org_id, day, method, route, status_class)
);
CREATE INDEX usage_day_by_age ON platform.usage_day (day);
CALL gatehouse.confine_to_org('platform.usage_day', 'SELECT');
GRANT USAGE ON SCHEMA platform TO gatehouse_writer;
CALL gatehouse.open_to('platform.usage_day', 'gatehouse_writer', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('platform.usage_day');

-- One row: calls before this moment are in usage_day, and those from it on are counted one by one.
CREATE TABLE platform.usage_progress (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  through timestamptz(3) NOT NULL
);
INSERT INTO platform.usage_progress (through) VALUES (date_trunc('day', now() - interval '90 days', 'UTC'));
GRANT SELECT ON platform.usage_progress TO gatehouse_app;
GRANT SELECT, UPDATE ON platform.usage_progress TO gatehouse_writer;
GRANT SELECT (org_id, at, method, route, status) ON gatehouse.api_call TO gatehouse_writer;
