-- Retention may delete by age, and of what it deletes it sees the age alone; of a ping, whether it has a body.
GRANT DELETE ON uptime.check_result, uptime.delivery TO gatehouse_writer;
CALL gatehouse.open_to(
  'uptime.heartbeat_ping', 'gatehouse_writer', 'SELECT (at, body), UPDATE (body), DELETE');
CALL gatehouse.open_to('uptime.channel_verification', 'gatehouse_writer', 'SELECT (expires_at), DELETE');

CREATE INDEX check_result_by_age ON uptime.check_result (started_at);
CREATE INDEX heartbeat_ping_by_age ON uptime.heartbeat_ping (at);
CREATE INDEX heartbeat_ping_bodies ON uptime.heartbeat_ping (at) WHERE body IS NOT NULL;
CREATE INDEX delivery_by_age ON uptime.delivery (created_at);
CREATE INDEX channel_verification_by_expiry ON uptime.channel_verification (expires_at);
