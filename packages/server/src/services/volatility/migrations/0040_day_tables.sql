-- What came after the bars of the last month, by how volatile they were: made at 00:00 UTC, and never changed. Market data
-- belongs to nobody.
CREATE TABLE volatility.day_table (
  series_id integer NOT NULL REFERENCES volatility.series (series_id),
  series_version integer NOT NULL,
  day_ms bigint NOT NULL CHECK (day_ms % 86400000 = 0),
  -- End of the newest bar when it was made: what was told of bars up to there, was told without it.
  made_after_ms bigint NOT NULL,
  bars integer NOT NULL,
  q10 double precision NOT NULL,
  q90 double precision NOT NULL,
  -- The inner twentieths.
  edges double precision[] NOT NULL,
  -- Bars that became low, normal and high; of one cell after the other.
  counts integer[] NOT NULL,
  PRIMARY KEY (series_id, series_version, day_ms)
);

GRANT SELECT ON volatility.day_table TO gatehouse_app, gatehouse_telemetry, gatehouse_gate, gatehouse_writer;
GRANT INSERT ON volatility.day_table TO gatehouse_writer;

-- The newest midnight for which tables were made, or for which there were too few bars.
ALTER TABLE volatility.series ADD COLUMN tables_ms bigint;
