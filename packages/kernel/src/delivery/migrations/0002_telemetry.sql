CALL gatehouse.open_to_telemetry('gatehouse.delivery', 'INSERT, UPDATE');
