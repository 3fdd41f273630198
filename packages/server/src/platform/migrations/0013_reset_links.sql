-- A link to set a new password that somebody hands over, where no mail can carry one.
ALTER TABLE platform.mailed_proof DROP CONSTRAINT mailed_proof_purpose_check;
ALTER TABLE platform.mailed_proof ADD CONSTRAINT mailed_proof_purpose_check
  CHECK (purpose IN ('verify_email', 'reset_password', 'handed_reset', 'change_email', 'undo_email', 'delete_account'));
-- The owner or administrator who made it: the link is worth nothing once they may not hand it out any more.
ALTER TABLE platform.mailed_proof ADD COLUMN handed_by text;
CREATE INDEX mailed_proof_by_hand ON platform.mailed_proof (handed_by) WHERE handed_by IS NOT NULL;
GRANT SELECT (handed_by) ON platform.mailed_proof TO gatehouse_app;
