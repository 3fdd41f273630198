-- End of the newest bar when a series was computed anew: what tables say of bars up to there is of the new computation.
ALTER TABLE volatility.series ADD COLUMN rebuilt_ms bigint;

-- Whose series is that of the symbol: asked of symbols that are not carried any more.
ALTER TABLE volatility.market ADD COLUMN is_primary boolean NOT NULL DEFAULT false;
UPDATE volatility.market SET is_primary = true WHERE venue = 'binance';
