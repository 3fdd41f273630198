-- The service whose keys registered the endpoint: they see it, and it is signed in that service's own headers as well. Null:
-- people did, in the dashboard.
ALTER TABLE gatehouse.webhook_endpoint ADD COLUMN registered_by text;
