-- A reader has one row a day: when they looked first and last, how often, and by what. Rows of before know only the first.
ALTER TABLE oversight.profile_view
  ADD COLUMN last_at timestamptz(3),
  ADD COLUMN looks integer NOT NULL DEFAULT 1 CHECK (looks > 0),
  ADD COLUMN ways text[] NOT NULL DEFAULT '{}';
-- The first look of a day is an entry of the chain; that the same reader looked again is counted.
CALL gatehouse.open_to_telemetry('oversight.profile_view', 'INSERT, UPDATE (last_at, looks, ways)');
GRANT UPDATE (last_at, looks, ways) ON oversight.profile_view TO gatehouse_app;
