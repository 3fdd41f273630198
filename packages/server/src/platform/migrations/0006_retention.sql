-- Retention deletes invitations once they have expired, whichever org they are of.
GRANT DELETE ON platform.invitation TO gatehouse_gate;
CREATE INDEX invitation_by_expiry ON platform.invitation (expires_at);
