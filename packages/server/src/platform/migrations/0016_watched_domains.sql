-- Since when the record of a proven domain is not found any more.
ALTER TABLE platform.sso_domain
  ADD COLUMN missing_since timestamptz(3),
  ADD CHECK (missing_since IS NULL OR proven_at IS NOT NULL);
CREATE INDEX sso_domain_by_check ON platform.sso_domain (checked_at) WHERE proven_at IS NOT NULL;
CALL gatehouse.open_to_telemetry('platform.sso_domain', 'UPDATE (checked_at)');
