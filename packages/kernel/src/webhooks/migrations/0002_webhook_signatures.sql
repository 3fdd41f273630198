-- Asked for: every message is signed with the instance's own key as well (`v1a`), which anybody can verify.
ALTER TABLE gatehouse.webhook_endpoint ADD COLUMN is_asymmetric boolean NOT NULL DEFAULT false;

-- What waits for a disabled endpoint does not wait for ever: by this index it is found when it is too old.
CREATE INDEX webhook_delivery_held_by_age ON gatehouse.webhook_delivery (created_at) WHERE state = 'held';
