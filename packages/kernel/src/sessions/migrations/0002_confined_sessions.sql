-- A session that an org's own issuer vouched for: it acts in that org, and nowhere else.
ALTER TABLE gatehouse.session ADD COLUMN confined_to uuid REFERENCES gatehouse.org (org_id);
CREATE INDEX session_by_confinement ON gatehouse.session (confined_to) WHERE confined_to IS NOT NULL;
