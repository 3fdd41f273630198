-- Pruning looks for bodies that are due, and leaves alone those of earlier prunings until something else is.
GRANT SELECT (event_type) ON gatehouse.audit_entry TO gatehouse_writer;
