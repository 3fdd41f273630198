-- Lets a tenant transaction enqueue a job that commits with it. The payload must carry the transaction's own org (T6).
CREATE FUNCTION gatehouse.enqueue_job(task text, payload jsonb, run_at timestamptz, job_key text, queue text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF nullif(current_setting('gatehouse.org', true), '') IS NOT NULL
     AND payload ->> 'orgId' IS DISTINCT FROM current_setting('gatehouse.org', true) THEN
    RAISE EXCEPTION 'A job must carry the org of its transaction';
  END IF;
  PERFORM graphile_worker.add_job(task, payload::json, queue, coalesce(run_at, now()), 25, job_key);
END
$$;
REVOKE ALL ON FUNCTION gatehouse.enqueue_job(text, jsonb, timestamptz, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.enqueue_job(text, jsonb, timestamptz, text, text)
  TO gatehouse_app, gatehouse_gate, gatehouse_writer;
