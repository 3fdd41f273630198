CALL gatehouse.open_to_telemetry('gatehouse.idempotency', 'INSERT, UPDATE, DELETE');
