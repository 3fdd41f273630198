-- The role that writes what is measured, counted or leased. It reads what the app role reads of its org, and writes only
-- the tables that say so with open_to_telemetry: whatever somebody decides is written under the app role, with an entry in
-- the audit chain.
DO $$
BEGIN
  BEGIN
    CREATE ROLE gatehouse_telemetry NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster made it
  END;
  IF NOT pg_has_role(current_user, 'gatehouse_telemetry', 'SET') THEN
    GRANT gatehouse_telemetry TO CURRENT_USER WITH SET TRUE;
  END IF;
END
$$;
GRANT USAGE ON SCHEMA gatehouse TO gatehouse_telemetry;

-- Lets the telemetry role read of a table what the app role reads of it.
CREATE PROCEDURE gatehouse.show_to_telemetry(target regclass) LANGUAGE plpgsql AS $$
DECLARE
  shown text;
BEGIN
  IF has_table_privilege('gatehouse_app', target, 'SELECT') THEN
    EXECUTE format('GRANT SELECT ON %s TO gatehouse_telemetry', target);
    RETURN;
  END IF;
  SELECT string_agg(quote_ident(attname), ', ') INTO shown FROM pg_attribute
   WHERE attrelid = target AND attnum > 0 AND NOT attisdropped
     AND has_column_privilege('gatehouse_app', target, attname, 'SELECT');
  IF shown IS NOT NULL THEN
    EXECUTE format('GRANT SELECT (%s) ON %s TO gatehouse_telemetry', shown, target);
  END IF;
END
$$;

-- Says of a table, or of some of its columns, that what is written there is telemetry.
CREATE PROCEDURE gatehouse.open_to_telemetry(target regclass, privileges text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT %s ON %s TO gatehouse_telemetry', privileges, target);
END
$$;

-- Confines a table with org_id to the org of the transaction, and hands it to the app role; the telemetry role reads it.
CREATE OR REPLACE PROCEDURE gatehouse.confine_to_org(target regclass, privileges text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY own_org ON %s TO gatehouse_app, gatehouse_telemetry
       USING (org_id = nullif(current_setting(''gatehouse.org'', true), '''')::uuid)
       WITH CHECK (org_id = nullif(current_setting(''gatehouse.org'', true), '''')::uuid)', target);
  EXECUTE format('GRANT %s ON %s TO gatehouse_app', privileges, target);
  CALL gatehouse.show_to_telemetry(target);
END
$$;

-- The tables of before.
DO $$
DECLARE
  target regclass;
BEGIN
  FOR target IN SELECT polrelid::regclass FROM pg_policy
                 WHERE polname = 'own_org' AND polroles = ARRAY['gatehouse_app'::regrole]::oid[] LOOP
    EXECUTE format('ALTER POLICY own_org ON %s TO gatehouse_app, gatehouse_telemetry', target);
    CALL gatehouse.show_to_telemetry(target);
  END LOOP;
END
$$;
