-- The order in which people look at monitors: what is worst first. A column of its own, and not an expression of the index,
-- so that a check that changes nothing of it leaves the index alone.
ALTER TABLE uptime.monitor_state ADD COLUMN rank smallint NOT NULL GENERATED ALWAYS AS (
  CASE WHEN status = 'down' THEN 0
       WHEN status = 'paused' THEN 5
       WHEN state ->> 'phase' = 'confirming' THEN 1
       WHEN status = 'degraded' THEN 2
       WHEN status = 'unknown' THEN 3
       ELSE 4 END) STORED;
CREATE INDEX monitor_state_by_rank ON uptime.monitor_state (org_id, rank, monitor_id);
CREATE INDEX monitor_by_name ON uptime.monitor (org_id, lower(name), id);
CREATE INDEX monitor_by_tag ON uptime.monitor USING gin (tags);
