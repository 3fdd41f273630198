-- A host name of their own under which a status page is read.
CREATE TABLE uptime.page_domain (
  org_id uuid NOT NULL,
  service_id text NOT NULL,
  domain text NOT NULL CHECK (domain = lower(domain)),
  -- What the TXT record has to hold. It is public there.
  token text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending_validation', 'active', 'failed')),
  -- What the name servers answered when they were last asked; NULL in JSON before that.
  finding jsonb NOT NULL DEFAULT 'null',
  checked_at timestamptz(3),
  -- On how many days in a row the daily check has not found the records of an active domain.
  bad_days integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, service_id),
  UNIQUE (org_id, domain),
  FOREIGN KEY (org_id, service_id) REFERENCES uptime.service (org_id, id) ON DELETE CASCADE
);
-- One page has a domain, of all orgs. Whoever has only asked for it keeps it from nobody.
CREATE UNIQUE INDEX page_domain_of_one_page ON uptime.page_domain (domain) WHERE status = 'active';
CREATE INDEX page_domain_by_check ON uptime.page_domain (checked_at) WHERE status = 'active';
CALL gatehouse.confine_to_org('uptime.page_domain', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('uptime.page_domain', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to_telemetry('uptime.page_domain', 'UPDATE (finding, checked_at, bad_days)');
CALL gatehouse.open_to_eraser('uptime.page_domain');
CALL gatehouse.hint_at('uptime.page_domain', 'pages', 'INSERT OR DELETE OR UPDATE OF domain, status, finding');

-- Every node knows which host leads to which page.
CREATE FUNCTION uptime.tell_page_domains() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM gatehouse.invalidate('page-domains');
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_page_domains AFTER INSERT OR DELETE OR UPDATE OF domain, status ON uptime.page_domain
  FOR EACH STATEMENT EXECUTE FUNCTION uptime.tell_page_domains();
CREATE TRIGGER tell_page_slugs AFTER UPDATE ON uptime.service
  FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug) EXECUTE FUNCTION uptime.tell_page_domains();
