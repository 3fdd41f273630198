-- A reason as a code with its values, so that it can be written in any language. Rows of earlier versions have none, and
-- show the English sentence that was stored with them.
ALTER TABLE uptime.monitor_state ADD COLUMN last_error_values jsonb;
ALTER TABLE uptime.incident ADD COLUMN cause_reason jsonb NOT NULL DEFAULT 'null';
