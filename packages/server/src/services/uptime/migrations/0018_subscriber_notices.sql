-- Whoever sends reads to whom, across organisations, and whether they may still be told.
GRANT SELECT (org_id, id, service_id, kind, address, sealed_config, language, confirmed_at)
  ON uptime.subscriber TO gatehouse_writer;
CALL gatehouse.open_to('uptime.service', 'gatehouse_writer', 'SELECT (org_id, id, access)');
GRANT SELECT (visibility) ON uptime.incident TO gatehouse_writer;
