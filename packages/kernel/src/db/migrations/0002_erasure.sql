-- When the org is to be erased, when that began, and when nothing of it was left but its chain's hashes (T7).
ALTER TABLE gatehouse.org
  ADD COLUMN deletion_scheduled_at timestamptz(3),
  ADD COLUMN erasing_at timestamptz(3),
  ADD COLUMN erased_at timestamptz(3),
  -- What is being erased proves nothing to anyone.
  ADD CONSTRAINT org_erased_is_suspended CHECK (erasing_at IS NULL OR suspended_at IS NOT NULL),
  ADD CONSTRAINT org_erased_had_begun CHECK (erased_at IS NULL OR erasing_at IS NOT NULL);
CREATE INDEX org_by_deletion ON gatehouse.org (deletion_scheduled_at) WHERE deletion_scheduled_at IS NOT NULL;
CREATE INDEX org_by_erasure ON gatehouse.org (erasing_at) WHERE erasing_at IS NOT NULL;

-- The role that erases an org. It sees the rows of one org, once its erasure has begun, and can only delete them.
DO $$
BEGIN
  BEGIN
    CREATE ROLE gatehouse_eraser NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster made it
  END;
  IF NOT pg_has_role(current_user, 'gatehouse_eraser', 'SET') THEN
    GRANT gatehouse_eraser TO CURRENT_USER WITH SET TRUE;
  END IF;
END
$$;
GRANT USAGE ON SCHEMA gatehouse TO gatehouse_eraser;
CREATE POLICY org_in_erasure ON gatehouse.org FOR SELECT TO gatehouse_eraser
  USING (org_id = nullif(current_setting('gatehouse.org', true), '')::uuid AND erasing_at IS NOT NULL);
GRANT SELECT (org_id, erasing_at) ON gatehouse.org TO gatehouse_eraser;

-- Lets the rows of a confined table be erased with their org.
CREATE PROCEDURE gatehouse.open_to_eraser(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE POLICY org_in_erasure ON %s TO gatehouse_eraser
       USING (org_id = (SELECT o.org_id FROM gatehouse.org o)) WITH CHECK (false)', target);
  EXECUTE format('GRANT SELECT (org_id, ctid), DELETE ON %s TO gatehouse_eraser', target);
END
$$;
