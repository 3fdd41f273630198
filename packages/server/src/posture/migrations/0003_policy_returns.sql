-- A policy that comes back is in force since it came back.
CALL gatehouse.open_to_telemetry('posture.policy', 'UPDATE (seen_at)');
