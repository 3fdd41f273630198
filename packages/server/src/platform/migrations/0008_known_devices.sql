-- Where a person has logged in from: what tells a new device from one that they have used before.
CREATE TABLE platform.known_device (
  user_id text NOT NULL REFERENCES platform."user" (id) ON DELETE CASCADE,
  browser text NOT NULL,
  system text NOT NULL,
  -- The block of addresses: a /24 of IPv4 or a /48 of IPv6.
  network text NOT NULL,
  last_seen_at timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, browser, system, network)
);
CREATE INDEX known_device_by_age ON platform.known_device (last_seen_at);
ALTER TABLE platform.known_device ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.known_device FORCE ROW LEVEL SECURITY;
CREATE POLICY own_people ON platform.known_device TO gatehouse_app
  USING (EXISTS (SELECT FROM platform."user" u WHERE u.id = user_id));
GRANT SELECT, INSERT, UPDATE (last_seen_at) ON platform.known_device TO gatehouse_app;
CALL gatehouse.open_to('platform.known_device', 'gatehouse_gate', 'SELECT, DELETE');

-- Null until the first session: that one comes from no new device, and every device of someone long away is new.
ALTER TABLE platform."user" ADD COLUMN first_session_at timestamptz(3);
GRANT SELECT (first_session_at), UPDATE (first_session_at) ON platform."user" TO gatehouse_app;
