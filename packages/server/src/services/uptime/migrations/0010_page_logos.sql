-- The logo of a status page.
CREATE TABLE uptime.page_logo (
  org_id uuid NOT NULL,
  service_id text NOT NULL,
  -- Its name in URLs, which nobody can guess, and which another picture does not get.
  file text NOT NULL UNIQUE,
  media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
  width integer NOT NULL,
  height integer NOT NULL,
  -- In base64.
  content text NOT NULL,
  PRIMARY KEY (org_id, service_id),
  FOREIGN KEY (org_id, service_id) REFERENCES uptime.service (org_id, id) ON DELETE CASCADE
);
CALL gatehouse.confine_to_org('uptime.page_logo', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to('uptime.page_logo', 'gatehouse_gate', 'SELECT (file, media_type, content)');
CALL gatehouse.open_to_eraser('uptime.page_logo');
