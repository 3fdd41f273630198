-- How a person wants to be shown things. What was not chosen is null: then the browser's own language and zone hold.
-- `language` stays what the browser asked for when the account was made; mails are written in it until one is chosen.
ALTER TABLE platform."user"
  ADD COLUMN chosen_language text CHECK (chosen_language IN ('en', 'ja')),
  ADD COLUMN theme text NOT NULL DEFAULT 'system' CHECK (theme IN ('light', 'dark', 'system')),
  ALTER COLUMN time_zone DROP NOT NULL;
-- Nobody could choose a zone before.
UPDATE platform."user" SET time_zone = NULL;
GRANT SELECT (chosen_language, theme), UPDATE (chosen_language, time_zone, theme) ON platform."user" TO gatehouse_app;
CALL gatehouse.show_to_telemetry('platform."user"');
