GRANT USAGE ON SCHEMA platform TO gatehouse_eraser;

CALL gatehouse.open_to_eraser('gatehouse.webhook_attempt');
CALL gatehouse.open_to_eraser('gatehouse.webhook_delivery');
CALL gatehouse.open_to_eraser('gatehouse.webhook_message');
CALL gatehouse.open_to_eraser('gatehouse.webhook_endpoint');
CALL gatehouse.open_to_eraser('gatehouse.idempotency');
CALL gatehouse.open_to_eraser('gatehouse.api_key');
CALL gatehouse.open_to_eraser('gatehouse.api_call');
CALL gatehouse.open_to_eraser('platform.invitation');
CALL gatehouse.open_to_eraser('platform.membership');

-- Keys go with their org only, a bounded number at a time: one that takes another's place may go first.
ALTER TABLE gatehouse.api_key
  DROP CONSTRAINT api_key_org_id_replaced_by_fkey,
  ADD FOREIGN KEY (org_id, replaced_by) REFERENCES gatehouse.api_key (org_id, id) ON DELETE CASCADE;

-- What waits to be done for an org whose erasure has begun is not done any more.
CREATE FUNCTION gatehouse.forget_jobs() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (
    DELETE FROM graphile_worker._private_jobs
     WHERE payload ->> 'orgId' = nullif(current_setting('gatehouse.org', true), '')
    RETURNING 1)
  SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION gatehouse.forget_jobs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.forget_jobs() TO gatehouse_eraser;
