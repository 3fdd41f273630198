-- Notices move to the one outbox of the kernel, under the ids they have.
ALTER TABLE uptime.delivery NO FORCE ROW LEVEL SECURITY;
ALTER TABLE uptime.channel NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.delivery NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.delivery_attempt NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.ailing_destination NO FORCE ROW LEVEL SECURITY;
INSERT INTO gatehouse.delivery (org_id, queue, destination_id, id, event, body, topic, seq, occurrence, state,
                                attempts_made, next_attempt_at, last_error, created_at, updated_at, finished_at)
SELECT org_id, 'uptime', channel_id, id, event, payload::text, incident_id,
       CASE WHEN incident_id IS NOT NULL THEN seq END, CASE WHEN incident_id IS NOT NULL THEN occurrence END,
       CASE state WHEN 'queued' THEN 'pending' WHEN 'retrying' THEN 'pending' WHEN 'sent' THEN 'delivered' ELSE state END,
       jsonb_array_length(attempts),
       CASE WHEN state IN ('queued', 'retrying') THEN coalesce(next_attempt_at, created_at) END,
       reason, created_at, updated_at, CASE WHEN state NOT IN ('held', 'queued', 'retrying') THEN updated_at END
  FROM uptime.delivery;
INSERT INTO gatehouse.delivery_attempt (org_id, queue, destination_id, delivery_id, at, error, duration_ms)
SELECT d.org_id, 'uptime', d.channel_id, d.id, to_timestamp((attempt ->> 'atMs')::bigint / 1000.0),
       nullif(attempt ->> 'result', 'accepted'), (attempt ->> 'durationMs')::integer
  FROM uptime.delivery d, jsonb_array_elements(d.attempts) AS attempt;
INSERT INTO gatehouse.ailing_destination (org_id, queue, destination_id, given_up)
SELECT org_id, 'uptime', id, consecutive_dead FROM uptime.channel WHERE consecutive_dead > 0;
ALTER TABLE gatehouse.delivery FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.delivery_attempt FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.ailing_destination FORCE ROW LEVEL SECURITY;
ALTER TABLE uptime.channel FORCE ROW LEVEL SECURITY;
ALTER TABLE uptime.channel DROP COLUMN consecutive_dead;
DROP TABLE uptime.delivery;

-- Whoever sends reads where to, across organisations, and whether there is still something to say.
CALL gatehouse.open_to(
  'uptime.channel', 'gatehouse_writer', 'SELECT (org_id, id, type, sealed_config, language, is_active, verified)');
CALL gatehouse.open_to('uptime.incident', 'gatehouse_writer', 'SELECT (org_id, id, status)');

-- Rows say what is due; the jobs that woke somebody up to look at one are of no more use.
DELETE FROM graphile_worker._private_jobs
 WHERE task_id IN (SELECT id FROM graphile_worker._private_tasks WHERE identifier = 'uptime.deliver');
