-- When each recurring job was last queued, by this database's clock. The worker's own timetable goes by the clock of a node,
-- and waits for as long as that clock, or the last run, lies ahead.
CREATE TABLE gatehouse.timetable (
  job text PRIMARY KEY,
  last_at timestamptz(3) NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON gatehouse.timetable TO gatehouse_writer;

-- What was written while the clock was ahead is due later than it can be: a job that was queued to be run at once, one that
-- waits between attempts (the worker's own delays), and the lease of a node that died.
-- Read only when it runs: who uses the kernel without its jobs has none of those tables.
CREATE FUNCTION gatehouse.mend_job_times() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE graphile_worker._private_jobs SET run_at = now()
   WHERE locked_at IS NULL AND key IS NULL
     AND run_at > now() + make_interval(secs => 60 + CASE attempts WHEN 0 THEN 0 ELSE exp(least(attempts, 10)) END);
  UPDATE graphile_worker._private_jobs SET locked_at = now() WHERE locked_at > now() + interval '1 minute';
  UPDATE graphile_worker._private_job_queues SET locked_at = now() WHERE locked_at > now() + interval '1 minute';
END $$;
REVOKE ALL ON FUNCTION gatehouse.mend_job_times() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.mend_job_times() TO gatehouse_writer;
