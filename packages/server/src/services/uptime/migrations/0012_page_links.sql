-- Lets a member's browser into a page that only members see: good once, and for a minute.
CREATE TABLE uptime.page_link (
  org_id uuid NOT NULL,
  token_digest text NOT NULL,
  service_id text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, token_digest),
  FOREIGN KEY (org_id, service_id) REFERENCES uptime.service (org_id, id) ON DELETE CASCADE
);
CREATE INDEX page_link_by_expiry ON uptime.page_link (expires_at);
CALL gatehouse.confine_to_org('uptime.page_link', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to('uptime.page_link', 'gatehouse_gate', 'SELECT, DELETE');
CALL gatehouse.open_to('uptime.page_link', 'gatehouse_writer', 'SELECT (expires_at), DELETE');
CALL gatehouse.open_to_eraser('uptime.page_link');
