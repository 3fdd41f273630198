-- Parameters that were fitted to the bars of a symbol, and how they did. Market data belongs to nobody.
CREATE TABLE volatility.calibration (
  calibration_id text PRIMARY KEY,
  symbol text NOT NULL,
  -- Whose bars they were fitted to.
  venue text NOT NULL,
  timeframe text NOT NULL CHECK (timeframe IN ('1m', '5m', '15m', '1h', '4h', '1d')),
  method text NOT NULL CHECK (method IN ('published', 'har-gk', 'rv-level')),
  data_from_ms bigint NOT NULL,
  data_to_ms bigint NOT NULL,
  bars integer NOT NULL,
  -- Raised when the same bars would give other figures.
  code_version integer NOT NULL,
  because text NOT NULL CHECK (because IN ('command', 'nightly')),
  -- What the levels are levels of; null: z.
  drive jsonb,
  -- By preset: thresholds and their score on the bars that they were fitted to; null where no combination lies in the band.
  presets jsonb NOT NULL,
  -- Out of sample, by label set and budget of alerts.
  scores jsonb NOT NULL,
  made_at timestamptz(3) NOT NULL
);
CREATE INDEX calibration_of_symbol ON volatility.calibration (symbol, timeframe, method, made_at);

-- Versions of presets whose thresholds come from a calibration; version 1 of the published method is the built-in one.
CREATE TABLE volatility.applied_preset (
  symbol text NOT NULL,
  timeframe text NOT NULL,
  method text NOT NULL,
  preset text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  calibration_id text NOT NULL REFERENCES volatility.calibration (calibration_id),
  -- False where no combination lay in the band, so that the built-in thresholds hold again.
  fitted boolean NOT NULL,
  thresholds jsonb NOT NULL,
  applied_at timestamptz(3) NOT NULL,
  PRIMARY KEY (symbol, timeframe, method, preset, version)
);

-- What the nightly calibration would change: a person accepts it, or declines.
CREATE TABLE volatility.proposal (
  calibration_id text PRIMARY KEY REFERENCES volatility.calibration (calibration_id),
  symbol text NOT NULL,
  timeframe text NOT NULL,
  method text NOT NULL,
  -- By preset: macro-F1 of what is in use, and of what is proposed.
  moves jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'superseded')),
  filed_at timestamptz(3) NOT NULL,
  decided_at timestamptz(3)
);
CREATE INDEX proposal_open ON volatility.proposal (symbol, timeframe, method) WHERE state = 'open';

-- The newest measurement of all methods and baselines of a symbol, as it is shown.
CREATE TABLE volatility.quality (
  symbol text NOT NULL,
  timeframe text NOT NULL,
  venue text NOT NULL,
  report jsonb NOT NULL,
  measured_at timestamptz(3) NOT NULL,
  PRIMARY KEY (symbol, timeframe)
);

-- How a preset did live in the last 30 days, once its bars had labels; made once a day.
CREATE TABLE volatility.live_quality (
  series_id integer NOT NULL REFERENCES volatility.series (series_id),
  preset text NOT NULL,
  method text NOT NULL,
  preset_version integer NOT NULL,
  series_version integer NOT NULL,
  day_ms bigint NOT NULL CHECK (day_ms % 86400000 = 0),
  figures jsonb NOT NULL,
  PRIMARY KEY (series_id, preset, method)
);

-- By how much the forecast of a calibration missed: made at 00:00 UTC, and anew when a calibration is applied.
CREATE TABLE volatility.range_table (
  series_id integer NOT NULL REFERENCES volatility.series (series_id),
  series_version integer NOT NULL,
  calibration_id text NOT NULL REFERENCES volatility.calibration (calibration_id),
  day_ms bigint NOT NULL CHECK (day_ms % 86400000 = 0),
  residuals integer NOT NULL,
  -- At 2.5, 10, 25, 50, 75, 90 and 97.5 %; null of too few residuals.
  quantiles double precision[],
  -- How often the ranges served in the 30 days before held what came; null of too few.
  coverage jsonb,
  PRIMARY KEY (series_id, series_version, calibration_id, day_ms)
);

GRANT SELECT ON volatility.calibration, volatility.applied_preset, volatility.proposal, volatility.quality,
  volatility.live_quality, volatility.range_table
  TO gatehouse_app, gatehouse_telemetry, gatehouse_gate, gatehouse_writer;
GRANT INSERT ON volatility.calibration, volatility.range_table TO gatehouse_writer;
GRANT INSERT, UPDATE ON volatility.proposal, volatility.quality, volatility.live_quality TO gatehouse_writer;
-- Applying and declining are decided by people, and audited.
GRANT INSERT ON volatility.applied_preset TO gatehouse_app;
GRANT UPDATE (state, decided_at) ON volatility.proposal TO gatehouse_app;

-- Raised when somebody else than the owner of its feed changed what is kept beside a series' bars: the owner reads it anew.
ALTER TABLE volatility.series ADD COLUMN edition integer NOT NULL DEFAULT 0;
