-- Whoever watches the instance asks for the one chain whose newest entries have waited longest for a checkpoint.
CREATE INDEX audit_head_by_unsigned ON gatehouse.audit_head (unsigned_since) WHERE unsigned_since IS NOT NULL;
