-- A checkpoint states what the chain is, and decides nothing.
CALL gatehouse.open_to_telemetry('gatehouse.audit_checkpoint', 'INSERT');
CALL gatehouse.open_to_telemetry('gatehouse.audit_head', 'UPDATE (checkpoints)');
