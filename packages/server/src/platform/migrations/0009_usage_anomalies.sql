-- The hour of a UTC day in which an org called so much more than it is used to that it was told: one a day at most.
CREATE TABLE platform.usage_anomaly (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  -- Midnight UTC.
  day timestamptz(3) NOT NULL,
  -- When the hour began.
  hour timestamptz(3) NOT NULL,
  calls bigint NOT NULL,
  usual_calls double precision NOT NULL,
  PRIMARY KEY (org_id, day)
);
CREATE INDEX usage_anomaly_by_age ON platform.usage_anomaly (day);
CALL gatehouse.confine_to_org('platform.usage_anomaly', 'SELECT, INSERT');
CALL gatehouse.open_to('platform.usage_anomaly', 'gatehouse_writer', 'SELECT, DELETE');
CALL gatehouse.open_to_eraser('platform.usage_anomaly');
