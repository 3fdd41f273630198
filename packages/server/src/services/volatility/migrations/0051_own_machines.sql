-- Where the machine of an org's preset stands on a series: one of the newest version, moved in the transaction of the bar.
CREATE TABLE volatility.org_machine (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  preset_id text NOT NULL,
  preset_version integer NOT NULL,
  series_id integer NOT NULL,
  regime text NOT NULL CHECK (regime IN ('low', 'normal', 'high')),
  run smallint NOT NULL,
  entered_ms bigint,
  -- Its newest change; null before there is one.
  newest jsonb,
  PRIMARY KEY (series_id, org_id, preset_id)
);
CREATE INDEX org_machine_of_org ON volatility.org_machine (org_id);

-- Changes by presets of orgs since those were made.
CREATE TABLE volatility.org_transition (
  seq bigint PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  preset_id text NOT NULL,
  preset_version integer NOT NULL,
  series_id integer NOT NULL,
  series_version integer NOT NULL,
  from_regime text NOT NULL CHECK (from_regime IN ('low', 'normal', 'high')),
  to_regime text NOT NULL CHECK (to_regime IN ('low', 'normal', 'high')),
  ts_ms bigint NOT NULL,
  z double precision NOT NULL,
  rv double precision,
  baseline double precision,
  close double precision NOT NULL,
  reason text NOT NULL CHECK (reason IN ('threshold', 'reset')),
  late boolean NOT NULL,
  CHECK (from_regime <> to_regime),
  UNIQUE (org_id, series_id, preset_id, preset_version, series_version, ts_ms)
);

CALL gatehouse.confine_to_org('volatility.org_machine', 'SELECT');
CALL gatehouse.open_to('volatility.org_machine', 'gatehouse_writer', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('volatility.org_machine');
CALL gatehouse.confine_to_org('volatility.org_transition', 'SELECT');
CALL gatehouse.open_to('volatility.org_transition', 'gatehouse_writer', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('volatility.org_transition');
CALL gatehouse.open_to('volatility.preset_head', 'gatehouse_writer', 'SELECT, UPDATE');
CALL gatehouse.open_to('volatility.preset', 'gatehouse_writer', 'SELECT');
CALL gatehouse.open_to('volatility.preset_version', 'gatehouse_writer', 'SELECT');
