-- The session that holds the lock of a feed: one that is not heard of any more is ended by whoever takes over.
ALTER TABLE volatility.feed
  ADD COLUMN session_pid integer,
  ADD COLUMN session_started text;
