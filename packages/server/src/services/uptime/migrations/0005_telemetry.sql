GRANT USAGE ON SCHEMA uptime TO gatehouse_telemetry;
CALL gatehouse.show_to_telemetry('uptime.outage');
CALL gatehouse.open_to_telemetry('uptime.check_result', 'INSERT');
CALL gatehouse.open_to_telemetry('uptime.heartbeat_ping', 'INSERT');
CALL gatehouse.open_to_telemetry('uptime.heartbeat', 'UPDATE (last_ping_at, last_start_at, run_id, deadline_at)');
CALL gatehouse.open_to_telemetry('uptime.monitor_state', 'UPDATE');
CALL gatehouse.open_to_telemetry('uptime.state_interval', 'INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_telemetry('uptime.schedule', 'UPDATE');
-- Counts how often what a page shows has changed.
CALL gatehouse.open_to_telemetry('uptime.service', 'UPDATE (version)');
-- The token of a mail is made when the mail leaves; the channel was decided before.
CALL gatehouse.open_to_telemetry('uptime.channel_verification', 'UPDATE (token_digest)');
-- A row can be locked only by who may change a column of it: this one row security holds where it is.
CALL gatehouse.open_to_telemetry('uptime.incident', 'UPDATE (org_id)');
CALL gatehouse.open_to_telemetry('uptime.channel', 'UPDATE (org_id)');
