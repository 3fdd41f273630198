GRANT EXECUTE ON FUNCTION gatehouse.enqueue_job(text, jsonb, timestamptz, text, text) TO gatehouse_telemetry;
