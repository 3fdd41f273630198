-- How many jobs could run now and wait, counted up to a bound, for who watches the instance.
CREATE FUNCTION gatehouse.count_waiting_jobs(most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  waiting bigint;
BEGIN
  SELECT count(*) INTO waiting
    FROM (SELECT FROM graphile_worker._private_jobs WHERE is_available AND run_at <= now() LIMIT most) AS counted;
  RETURN waiting;
END $$;
REVOKE ALL ON FUNCTION gatehouse.count_waiting_jobs(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.count_waiting_jobs(integer) TO gatehouse_writer;
