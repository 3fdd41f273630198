-- The key that opens the feeds of a page with a password to programs. Null until somebody asks for one.
ALTER TABLE uptime.service
  ADD COLUMN feed_key_digest text,
  ADD COLUMN sealed_feed_key text;
