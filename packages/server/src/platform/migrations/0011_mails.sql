-- Mails that wait move to the one outbox, where they are retried and logged like everything that is sent.
-- One that was given up long ago is not sent after all.
ALTER TABLE gatehouse.delivery NO FORCE ROW LEVEL SECURITY;
INSERT INTO gatehouse.delivery (org_id, queue, destination_id, id, event, body, state, attempts_made, next_attempt_at,
                                created_at, updated_at)
SELECT (j.payload ->> 'orgId')::uuid, 'mail', 'mail', 'mail_' || j.id, t.identifier, j.payload::text, 'pending', 0, j.run_at,
       j.created_at, j.updated_at
  FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
 WHERE t.identifier LIKE 'platform.send-%' AND j.attempts < j.max_attempts;
ALTER TABLE gatehouse.delivery FORCE ROW LEVEL SECURITY;
DELETE FROM graphile_worker._private_jobs
 WHERE task_id IN (SELECT id FROM graphile_worker._private_tasks WHERE identifier LIKE 'platform.send-%');
