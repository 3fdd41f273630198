-- A page that a password opens. Nobody could ask for one before.
ALTER TABLE uptime.service
  ADD COLUMN password_hash text,
  ADD CHECK (access <> 'password' OR password_hash IS NOT NULL);
