-- One row a request that reached an org (A6). By month, so that retention drops partitions.
CREATE TABLE gatehouse.api_call (
  org_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  key_prefix text,
  user_id text,
  ip inet NOT NULL,
  method text NOT NULL,
  route text NOT NULL,
  status smallint NOT NULL,
  duration_ms integer NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX api_call_by_org ON gatehouse.api_call (org_id, at DESC);
CALL gatehouse.confine_to_org('gatehouse.api_call', 'SELECT');
CALL gatehouse.open_to('gatehouse.api_call', 'gatehouse_writer', 'INSERT');
