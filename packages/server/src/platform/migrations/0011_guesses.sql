-- Passwords and codes that failed for one account. Strangers count together, whatever their addresses; a device that the
-- person has signed in from before counts on its own, so that strangers do not hold it up.
CREATE TABLE platform.guess (
  -- The person; for an address that nobody has, a keyed digest of it.
  subject text NOT NULL,
  user_id text REFERENCES platform."user" (id) ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('password', 'second_factor')),
  place text NOT NULL,
  failures integer NOT NULL,
  began_at timestamptz(3) NOT NULL,
  failed_at timestamptz(3) NOT NULL,
  -- Until then no further one is looked at.
  held_until timestamptz(3) NOT NULL,
  -- When the person last heard of it.
  told_at timestamptz(3),
  PRIMARY KEY (subject, purpose, place)
);
CREATE INDEX guess_by_user ON platform.guess (user_id);
CREATE INDEX guess_by_time ON platform.guess (failed_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.guess TO gatehouse_gate;
