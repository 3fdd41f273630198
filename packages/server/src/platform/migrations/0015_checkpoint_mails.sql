-- When the owners were last mailed the newest checkpoint of their audit chain.
ALTER TABLE gatehouse.org ADD COLUMN checkpoint_mailed_at timestamptz(3);
CALL gatehouse.open_to_telemetry('gatehouse.org', 'UPDATE (checkpoint_mailed_at)');
