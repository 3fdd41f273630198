-- Who has an incident, and who gave it to whom: NULL in JSON is nobody so far.
ALTER TABLE uptime.incident ADD COLUMN assignee_id text;
ALTER TABLE uptime.incident ADD COLUMN assignments jsonb NOT NULL DEFAULT 'null';

CREATE OR REPLACE FUNCTION uptime.tell_incident_row(about uptime.incident, event text) RETURNS void LANGUAGE sql AS $$
  SELECT gatehouse.tell_live(about.org_id, 'incidents', about.id, event, json_build_object(
    'incidentId', about.id, 'monitorId', about.monitor_id, 'monitorName', about.monitor_name, 'serviceId', about.service_id,
    'type', about.type, 'status', about.status, 'severity', about.severity, 'impact', about.impact, 'title', about.title,
    'cause', about.cause, 'startedAt', gatehouse.to_instant(about.started_at),
    'acknowledgedAt', gatehouse.to_instant(about.acknowledged_at), 'resolvedAt', gatehouse.to_instant(about.resolved_at),
    'assigneeId', about.assignee_id))
$$;

DROP TRIGGER tell_incident ON uptime.incident;
CREATE CONSTRAINT TRIGGER tell_incident AFTER UPDATE ON uptime.incident
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status, OLD.severity, OLD.impact, OLD.visibility, OLD.title, OLD.cause, OLD.assignee_id)
        IS DISTINCT FROM (NEW.status, NEW.severity, NEW.impact, NEW.visibility, NEW.title, NEW.cause, NEW.assignee_id))
  EXECUTE FUNCTION uptime.tell_incident();
