-- When an address was last written to because somebody asked: whoever asks, it gets a few mails an hour.
CREATE TABLE platform.mail_quota (
  -- HMAC-SHA-256 of the address under the pepper, and of what the mails are for.
  digest bytea PRIMARY KEY,
  sent_at timestamptz(3)[] NOT NULL,
  last_at timestamptz(3) NOT NULL
);
CREATE INDEX mail_quota_by_time ON platform.mail_quota (last_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.mail_quota TO gatehouse_gate;
