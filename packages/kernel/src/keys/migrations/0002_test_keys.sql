-- A test key belongs to an org like any other, and acts in the test org of that org and in no other.
ALTER TABLE gatehouse.api_key
  ADD COLUMN test_org_id uuid,
  ADD FOREIGN KEY (org_id, test_org_id) REFERENCES gatehouse.org (test_of, org_id);
GRANT SELECT (test_org_id) ON gatehouse.api_key TO gatehouse_app;
