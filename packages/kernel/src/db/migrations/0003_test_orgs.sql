-- An org has at most one test org, which its test keys act in and which is on the same plan.
ALTER TABLE gatehouse.org
  ADD UNIQUE (test_of),
  -- For keys, which name the two of them together.
  ADD UNIQUE (test_of, org_id),
  ADD UNIQUE (org_id, plan),
  ADD CHECK (test_of <> org_id),
  DROP CONSTRAINT org_test_of_fkey,
  ADD FOREIGN KEY (test_of, plan) REFERENCES gatehouse.org (org_id, plan) ON UPDATE CASCADE;
