-- What venues of derivatives tell: shown beside regimes, and moving none. Market data belongs to nobody.
CREATE TABLE volatility.reading (
  -- How funding stands, what it was settled at, or a minute of a volatility index.
  kind text NOT NULL CHECK (kind IN ('funding', 'settled', 'dvol')),
  -- The venue's own code.
  product text NOT NULL,
  at timestamptz(3) NOT NULL,
  figures jsonb NOT NULL,
  PRIMARY KEY (kind, product, at)
);
CREATE INDEX reading_by_age ON volatility.reading (at);

GRANT SELECT ON volatility.reading TO gatehouse_app, gatehouse_telemetry, gatehouse_gate, gatehouse_writer;
GRANT INSERT, DELETE ON volatility.reading TO gatehouse_writer;
