GRANT USAGE ON SCHEMA oversight TO gatehouse_telemetry;
-- Made when it is first needed, by whoever came first.
CALL gatehouse.open_to_telemetry('oversight.org_secret', 'INSERT');
-- A row can be locked only by who may change a column of it: this one row security holds where it is.
CALL gatehouse.open_to_telemetry('oversight.telemetry_session', 'INSERT, UPDATE (org_id)');
CALL gatehouse.open_to_telemetry('oversight.telemetry_event', 'INSERT');
CALL gatehouse.open_to_telemetry('oversight.observed_call', 'INSERT');
-- What somebody ought to look at is found, not decided; that somebody has looked at it is.
CALL gatehouse.open_to_telemetry('oversight.alert', 'INSERT, UPDATE (closed_at)');
-- What follows from decisions and from the passing of days is computed.
CALL gatehouse.open_to_telemetry('oversight.operator_state', 'UPDATE');
CALL gatehouse.open_to_telemetry('oversight.operator_history', 'INSERT, UPDATE');
CALL gatehouse.open_to_telemetry('oversight.request_day', 'INSERT');
CALL gatehouse.open_to_telemetry('oversight.announced_assessment', 'INSERT, UPDATE');
