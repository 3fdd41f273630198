-- A call of an AI is matched by a decision about it, too.
GRANT SELECT (request_id) ON oversight.decision TO gatehouse_writer;
