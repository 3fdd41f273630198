-- A key that stands for a person may do no more than that person's role, and dies with the membership. It is renewed by
-- use: each one moves its end to so many days later.
ALTER TABLE gatehouse.api_key
  ADD COLUMN stands_for text,
  ADD COLUMN renew_days integer CHECK (renew_days BETWEEN 1 AND 366),
  ADD CHECK (renew_days IS NULL OR kind = 'expiring');
CREATE INDEX api_key_of_person ON gatehouse.api_key (org_id, stands_for) WHERE stands_for IS NOT NULL;
GRANT SELECT (stands_for, renew_days) ON gatehouse.api_key TO gatehouse_app;
GRANT UPDATE (expires_at) ON gatehouse.api_key TO gatehouse_gate;
