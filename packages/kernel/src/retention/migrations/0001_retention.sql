-- What each run of the retention job did with one kind of data: the evidence that data goes when it should.
CREATE TABLE gatehouse.retention_run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  what text NOT NULL,
  -- Everything up to this moment was to go.
  through timestamptz(3) NOT NULL,
  started_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3) NOT NULL,
  cut_rows bigint NOT NULL,
  -- Null when nothing is left, and when the run failed before it could look.
  oldest_remaining timestamptz(3),
  error text
);
CREATE INDEX retention_run_by_what ON gatehouse.retention_run (what, id DESC);
CREATE INDEX retention_run_by_start ON gatehouse.retention_run (started_at);
GRANT SELECT, INSERT, DELETE ON gatehouse.retention_run TO gatehouse_writer;

-- Retention may delete by age, and of what it deletes it sees the age alone.
GRANT SELECT (at), DELETE ON gatehouse.api_call, gatehouse.webhook_attempt TO gatehouse_writer;
CREATE INDEX api_call_by_age ON gatehouse.api_call (at);
CREATE INDEX webhook_attempt_by_age ON gatehouse.webhook_attempt (at);
CREATE INDEX webhook_delivery_by_end ON gatehouse.webhook_delivery (finished_at) WHERE finished_at IS NOT NULL;
