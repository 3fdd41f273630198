-- What the server's own keys must look like: a value that each version of a key makes of its own name, and that shows
-- nothing of the key. Whoever starts with other keys, or without one, is told by it.
CREATE TABLE gatehouse.key_check (
  name text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  value text NOT NULL,
  made_at timestamptz(3) NOT NULL,
  -- From then on the version may be missing.
  retired_at timestamptz(3),
  PRIMARY KEY (name, version)
);
GRANT SELECT, INSERT, UPDATE (retired_at) ON gatehouse.key_check TO gatehouse_writer;
