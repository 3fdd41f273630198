-- How many streams of an org each node holds open. What a node holds lapses by itself: one that died bars nobody for long.
CREATE TABLE volatility.stream_use (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  node text NOT NULL,
  open integer NOT NULL CHECK (open > 0),
  -- By the clock of the database.
  held_until timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, node)
);
CREATE INDEX stream_use_by_node ON volatility.stream_use (node);
CALL gatehouse.confine_to_org('volatility.stream_use', 'SELECT');
CALL gatehouse.open_to_telemetry('volatility.stream_use', 'INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('volatility.stream_use', 'gatehouse_writer', 'SELECT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('volatility.stream_use');
