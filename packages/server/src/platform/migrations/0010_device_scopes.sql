-- What the person was shown when they let the device in: its key gets no more.
ALTER TABLE platform.device_login ADD COLUMN scopes text[];
GRANT SELECT (scopes), UPDATE (scopes) ON platform.device_login TO gatehouse_app;
