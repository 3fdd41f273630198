CREATE SCHEMA volatility;
GRANT USAGE ON SCHEMA volatility
  TO gatehouse_app, gatehouse_telemetry, gatehouse_gate, gatehouse_writer, gatehouse_eraser;

-- A symbol on one venue. Market data belongs to nobody: no table of it has an org.
CREATE TABLE volatility.market (
  market_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  venue text NOT NULL,
  symbol text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('spot', 'perp')),
  -- What the venue calls it.
  product text NOT NULL,
  status text NOT NULL CHECK (status IN ('unverified', 'listed', 'not_listed', 'retired')),
  -- When this instance began to carry it: what lies before is history, of which nobody is told.
  carried_since_ms bigint NOT NULL,
  -- Since when its last closed minute is too old; one spell has one event of each kind.
  stale_since_ms bigint,
  UNIQUE (venue, symbol)
);

-- Closed bars, immutable once accepted. `span` is minutes: those of 1 and 5 are kept for 400 days, by the month.
CREATE TABLE volatility.bar (
  open_at timestamptz(3) NOT NULL,
  open double precision NOT NULL,
  high double precision NOT NULL,
  low double precision NOT NULL,
  close double precision NOT NULL,
  volume double precision NOT NULL,
  quote_volume double precision,
  market_id integer NOT NULL,
  trades integer,
  span smallint NOT NULL,
  -- How many of its minutes were there.
  minutes smallint NOT NULL,
  -- 0 stream, 1 rest, 2 built of trades, 3 aggregated of shorter bars.
  origin smallint NOT NULL,
  -- A minute without a trade on a venue that then sends none.
  filled boolean NOT NULL,
  PRIMARY KEY (market_id, span, open_at),
  CHECK (span IN (1, 5))
) PARTITION BY RANGE (open_at);

CREATE TABLE volatility.long_bar (
  open_at timestamptz(3) NOT NULL,
  open double precision NOT NULL,
  high double precision NOT NULL,
  low double precision NOT NULL,
  close double precision NOT NULL,
  volume double precision NOT NULL,
  quote_volume double precision,
  market_id integer NOT NULL REFERENCES volatility.market (market_id),
  trades integer,
  span smallint NOT NULL,
  minutes smallint NOT NULL,
  origin smallint NOT NULL,
  filled boolean NOT NULL,
  PRIMARY KEY (market_id, span, open_at),
  CHECK (span IN (15, 60, 240, 1440))
);

-- Minutes of which it is known, or given up to learn, that the venue has no bar.
CREATE TABLE volatility.absence (
  market_id integer NOT NULL REFERENCES volatility.market (market_id),
  from_ms bigint NOT NULL,
  to_ms bigint NOT NULL CHECK (to_ms > from_ms),
  reason text NOT NULL CHECK (reason IN ('confirmed', 'given_up')),
  noted_at timestamptz(3) NOT NULL,
  PRIMARY KEY (market_id, from_ms)
);

-- What came too late, or otherwise than it was accepted. It changes nothing until an operator rebuilds the series.
CREATE TABLE volatility.late_bar (
  late_bar_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  market_id integer NOT NULL REFERENCES volatility.market (market_id),
  span smallint NOT NULL,
  open_ms bigint NOT NULL,
  open double precision NOT NULL,
  high double precision NOT NULL,
  low double precision NOT NULL,
  close double precision NOT NULL,
  volume double precision NOT NULL,
  quote_volume double precision,
  trades integer,
  origin smallint NOT NULL,
  filled boolean NOT NULL,
  reason text NOT NULL CHECK (reason IN ('changed', 'behind_cursor')),
  folded_in_version integer,
  noted_at timestamptz(3) NOT NULL
);
CREATE INDEX late_bar_of_market ON volatility.late_bar (market_id, open_ms);

-- The method `published` on one market and timeframe, as its newest bar left it.
CREATE TABLE volatility.series (
  series_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  market_id integer NOT NULL REFERENCES volatility.market (market_id),
  timeframe text NOT NULL CHECK (timeframe IN ('1m', '5m', '15m', '1h', '4h', '1d')),
  version integer NOT NULL DEFAULT 1,
  -- Open time of the last interval that was accepted or found to have no bar.
  cursor_ms bigint,
  last_open_ms bigint,
  close double precision,
  rv double precision,
  baseline double precision,
  sigma double precision,
  z double precision,
  -- End of the first bar with a z since the series began, or began anew.
  ready_ms bigint,
  computed_at_ms bigint,
  -- Windows and counts, as doubles: they rebuild the series to the last bit.
  state bytea,
  UNIQUE (market_id, timeframe)
);
ALTER TABLE volatility.series ALTER COLUMN state SET STORAGE EXTERNAL;

CREATE TABLE volatility.machine (
  series_id integer NOT NULL REFERENCES volatility.series (series_id),
  preset text NOT NULL,
  method text NOT NULL,
  preset_version integer NOT NULL,
  regime text NOT NULL CHECK (regime IN ('low', 'normal', 'high')),
  run smallint NOT NULL,
  entered_ms bigint,
  PRIMARY KEY (series_id, preset, method, preset_version)
);

CREATE TABLE volatility.transition (
  seq bigint PRIMARY KEY,
  series_id integer NOT NULL REFERENCES volatility.series (series_id),
  series_version integer NOT NULL,
  preset text NOT NULL,
  method text NOT NULL,
  preset_version integer NOT NULL,
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
  UNIQUE (series_id, preset, method, preset_version, series_version, ts_ms)
);

-- Where a replay can start once bars of one minute are no longer kept: at the first bar of each month.
CREATE TABLE volatility.checkpoint (
  series_id integer NOT NULL REFERENCES volatility.series (series_id),
  series_version integer NOT NULL,
  open_ms bigint NOT NULL,
  state bytea NOT NULL,
  machines jsonb NOT NULL,
  PRIMARY KEY (series_id, series_version, open_ms)
);

-- One owner at a time writes the bars of a venue: whoever raised the epoch last.
CREATE TABLE volatility.feed (
  venue text PRIMARY KEY,
  epoch bigint NOT NULL DEFAULT 0,
  node text,
  status text NOT NULL DEFAULT 'down' CHECK (status IN ('connecting', 'backfilling', 'live', 'degraded', 'down')),
  since_ms bigint NOT NULL,
  reason text,
  simulated boolean NOT NULL DEFAULT false,
  last_bar_ms bigint,
  last_frame_ms bigint,
  renewed_at timestamptz(3)
);

-- One row, whose lock orders what is told: numbers rise in the order of commits.
CREATE TABLE volatility.event_head (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  seq bigint NOT NULL
);
INSERT INTO volatility.event_head (seq) VALUES (0);

-- What subscribers are told. Without an org: of a preset that belongs to nobody.
CREATE TABLE volatility.event (
  seq bigint PRIMARY KEY,
  id text NOT NULL UNIQUE,
  org_id uuid REFERENCES gatehouse.org (org_id),
  type text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL
);
CREATE INDEX event_by_age ON volatility.event (created_at);
CREATE INDEX event_of_org ON volatility.event (org_id, seq) WHERE org_id IS NOT NULL;
CALL gatehouse.confine_to_org('volatility.event', 'SELECT');
CALL gatehouse.open_to('volatility.event', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to('volatility.event', 'gatehouse_writer', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('volatility.event');

GRANT SELECT ON volatility.market, volatility.bar, volatility.long_bar, volatility.absence, volatility.late_bar,
  volatility.series, volatility.machine, volatility.transition, volatility.checkpoint, volatility.feed,
  volatility.event_head
  TO gatehouse_app, gatehouse_telemetry, gatehouse_gate, gatehouse_writer;
GRANT INSERT, UPDATE, DELETE ON volatility.market, volatility.series, volatility.machine TO gatehouse_writer;
GRANT INSERT, DELETE ON volatility.bar, volatility.long_bar TO gatehouse_writer;
GRANT INSERT ON volatility.absence, volatility.transition, volatility.checkpoint TO gatehouse_writer;
GRANT INSERT, UPDATE ON volatility.late_bar, volatility.feed TO gatehouse_writer;
GRANT UPDATE (seq) ON volatility.event_head TO gatehouse_writer;
