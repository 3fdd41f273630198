-- Mails that wait move to the one outbox, where they are retried and logged like everything that is sent.
-- One that was given up long ago is not sent after all.
ALTER TABLE gatehouse.delivery NO FORCE ROW LEVEL SECURITY;
INSERT INTO gatehouse.delivery (org_id, queue, destination_id, id, event, body, state, attempts_made, next_attempt_at,
                                created_at, updated_at)
SELECT (j.payload ->> 'orgId')::uuid, 'mail', 'mail', 'mail_' || j.id, m.event, j.payload::text, 'pending', 0, j.run_at,
       j.created_at, j.updated_at
  FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
  JOIN (VALUES ('uptime.verify-channel', 'uptime.verify-channel'),
               ('uptime.channel-failed', 'uptime.tell-channel-failed')) m (job, event) ON m.job = t.identifier
 WHERE j.attempts < j.max_attempts;
ALTER TABLE gatehouse.delivery FORCE ROW LEVEL SECURITY;
-- What is left of a failed channel is to switch it off, where it failed too often.
DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
 WHERE t.id = j.task_id
   AND (t.identifier = 'uptime.verify-channel'
        OR t.identifier = 'uptime.channel-failed' AND NOT (j.payload ->> 'deactivates')::boolean);
UPDATE graphile_worker._private_jobs j
   SET payload = json_build_object('orgId', j.payload -> 'orgId', 'channelId', j.payload -> 'channelId',
                                   'result', j.payload -> 'result')
  FROM graphile_worker._private_tasks t
 WHERE t.id = j.task_id AND t.identifier = 'uptime.channel-failed';
