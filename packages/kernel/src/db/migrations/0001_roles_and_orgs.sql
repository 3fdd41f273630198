-- The three roles that work runs under. None can log in, owns anything or bypasses row security.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['gatehouse_app', 'gatehouse_gate', 'gatehouse_writer'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster made it
    END;
    IF NOT pg_has_role(current_user, role_name, 'SET') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER WITH SET TRUE', role_name);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA gatehouse TO %I', role_name);
  END LOOP;
END
$$;

-- Confines a table with org_id to the org of the transaction, and hands it to the app role.
CREATE PROCEDURE gatehouse.confine_to_org(target regclass, privileges text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY own_org ON %s TO gatehouse_app
       USING (org_id = nullif(current_setting(''gatehouse.org'', true), '''')::uuid)
       WITH CHECK (org_id = nullif(current_setting(''gatehouse.org'', true), '''')::uuid)', target);
  EXECUTE format('GRANT %s ON %s TO gatehouse_app', privileges, target);
END
$$;

-- Opens a confined table to one of the roles that work across orgs.
CREATE PROCEDURE gatehouse.open_to(target regclass, role_name text, privileges text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE POLICY %I ON %s TO %I USING (true) WITH CHECK (true)', 'open_to_' || role_name, target, role_name);
  EXECUTE format('GRANT %s ON %s TO %I', privileges, target, role_name);
END
$$;

CREATE TABLE gatehouse.org (
  org_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  slug text NOT NULL UNIQUE,
  plan text NOT NULL DEFAULT 'unlimited',
  allowed_origins text[] NOT NULL DEFAULT '{}',
  external_id text,
  test_of uuid REFERENCES gatehouse.org (org_id),
  suspended_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL
);
CALL gatehouse.confine_to_org('gatehouse.org', 'SELECT, UPDATE');
CALL gatehouse.open_to('gatehouse.org', 'gatehouse_gate', 'SELECT, INSERT');
CALL gatehouse.open_to('gatehouse.org', 'gatehouse_writer', 'SELECT');

-- The instance's own org: its audit chain holds what belongs to no customer.
SET LOCAL ROLE gatehouse_gate;
INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
VALUES ('00000000-0000-4000-8000-000000000000', 'Gatehouse', 'gatehouse-instance', now(), now());
RESET ROLE;

-- Tells every node to forget what it remembers; sent when the deciding transaction commits.
CREATE FUNCTION gatehouse.invalidate(subject text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('gatehouse_invalidate', subject)
$$;
