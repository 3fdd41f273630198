-- When a destination listens: NULL in JSON is always.
ALTER TABLE uptime.channel ADD COLUMN active_hours jsonb NOT NULL DEFAULT 'null';
