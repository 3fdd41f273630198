-- What is told as it happens: of a monitor that its status is another, of an incident all that anybody would be told.
CREATE FUNCTION uptime.tell_monitor_status() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  known record;
  was text;
BEGIN
  SELECT name, type INTO known FROM uptime.monitor WHERE org_id = NEW.org_id AND id = NEW.monitor_id;
  IF TG_OP = 'UPDATE' THEN
    was := OLD.status;
  END IF;
  PERFORM gatehouse.tell_live(NEW.org_id, 'monitors', NEW.monitor_id, 'monitor.status', json_build_object(
    'monitorId', NEW.monitor_id, 'name', known.name, 'type', known.type,
    'status', NEW.status, 'previousStatus', was));
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER tell_new_status AFTER INSERT ON uptime.monitor_state
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION uptime.tell_monitor_status();
CREATE CONSTRAINT TRIGGER tell_status AFTER UPDATE ON uptime.monitor_state
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION uptime.tell_monitor_status();

CREATE FUNCTION uptime.tell_incident_row(about uptime.incident, event text) RETURNS void LANGUAGE sql AS $$
  SELECT gatehouse.tell_live(about.org_id, 'incidents', about.id, event, json_build_object(
    'incidentId', about.id, 'monitorId', about.monitor_id, 'monitorName', about.monitor_name, 'serviceId', about.service_id,
    'type', about.type, 'status', about.status, 'severity', about.severity, 'impact', about.impact, 'title', about.title,
    'cause', about.cause, 'startedAt', gatehouse.to_instant(about.started_at),
    'acknowledgedAt', gatehouse.to_instant(about.acknowledged_at), 'resolvedAt', gatehouse.to_instant(about.resolved_at)))
$$;

CREATE FUNCTION uptime.tell_incident() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM uptime.tell_incident_row(NEW, CASE
    WHEN TG_OP = 'INSERT' THEN 'incident.created'
    WHEN NEW.status = OLD.status THEN 'incident.updated'
    WHEN NEW.status = 'acknowledged' THEN 'incident.acknowledged'
    WHEN NEW.status = 'resolved' THEN 'incident.resolved'
    ELSE 'incident.updated' END);
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER tell_new_incident AFTER INSERT ON uptime.incident
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION uptime.tell_incident();
CREATE CONSTRAINT TRIGGER tell_incident AFTER UPDATE ON uptime.incident
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status, OLD.severity, OLD.impact, OLD.visibility, OLD.title, OLD.cause)
        IS DISTINCT FROM (NEW.status, NEW.severity, NEW.impact, NEW.visibility, NEW.title, NEW.cause))
  EXECUTE FUNCTION uptime.tell_incident();

CREATE FUNCTION uptime.tell_incident_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  about uptime.incident;
BEGIN
  SELECT * INTO about FROM uptime.incident WHERE org_id = NEW.org_id AND id = NEW.incident_id;
  IF FOUND THEN
    PERFORM uptime.tell_incident_row(about, 'incident.updated');
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER tell_incident_update AFTER INSERT ON uptime.incident_update
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION uptime.tell_incident_update();

-- For screens, of what nobody else is told. Without what is counted or measured by the minute.
CALL gatehouse.hint_at('uptime.monitor', 'monitors',
  'DELETE OR UPDATE OF service_id, name, config, sealed_config, interval_seconds, is_active, tags, updated_at');
CALL gatehouse.hint_at('uptime.incident', 'incidents', 'DELETE');
CALL gatehouse.hint_at('uptime.maintenance_window', 'maintenance',
  'INSERT OR DELETE OR UPDATE OF starts_at, ends_at, ended_at, monitor_ids');
CALL gatehouse.hint_at('uptime.service', 'pages', 'INSERT OR DELETE OR UPDATE OF name, is_public, updated_at');
CALL gatehouse.hint_at('uptime.channel', 'channels',
  'INSERT OR DELETE OR UPDATE OF is_active, verified, name, updated_at');
