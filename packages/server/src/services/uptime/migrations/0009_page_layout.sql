-- How a status page is arranged: sections, and in them components, each a monitor or a state that a person sets.
CREATE TABLE uptime.section (
  org_id uuid NOT NULL,
  id text NOT NULL,
  service_id text NOT NULL,
  name text NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, service_id, id),
  FOREIGN KEY (org_id, service_id) REFERENCES uptime.service (org_id, id) ON DELETE CASCADE
);
CREATE INDEX section_by_service ON uptime.section (org_id, service_id, position);
CALL gatehouse.confine_to_org('uptime.section', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('uptime.section');

CREATE TABLE uptime.component (
  org_id uuid NOT NULL,
  -- That of its monitor, where it has one.
  id text NOT NULL,
  service_id text NOT NULL,
  monitor_id text,
  state text CHECK (state IN ('up', 'degraded', 'down', 'maintenance')),
  section_id text,
  -- Null: not arranged yet, after what is, in the order of their making.
  position integer,
  display_name text,
  description text,
  hidden boolean NOT NULL DEFAULT false,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, monitor_id),
  CHECK ((monitor_id IS NULL) = (state IS NOT NULL)),
  CHECK (monitor_id IS NOT NULL OR display_name IS NOT NULL),
  FOREIGN KEY (org_id, service_id) REFERENCES uptime.service (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, service_id, section_id) REFERENCES uptime.section (org_id, service_id, id)
    ON DELETE SET NULL (section_id),
  FOREIGN KEY (org_id, monitor_id) REFERENCES uptime.monitor (org_id, id) ON DELETE CASCADE
);
CREATE INDEX component_by_service ON uptime.component (org_id, service_id, position);
CREATE INDEX component_by_section ON uptime.component (org_id, service_id, section_id);

-- Monitors of before have theirs too.
ALTER TABLE uptime.monitor NO FORCE ROW LEVEL SECURITY;
INSERT INTO uptime.component (org_id, id, service_id, monitor_id) SELECT org_id, id, service_id, id FROM uptime.monitor;
ALTER TABLE uptime.monitor FORCE ROW LEVEL SECURITY;
CALL gatehouse.confine_to_org('uptime.component', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('uptime.component');

-- A monitor always has a component on its page, whatever statement makes or moves it. It takes along how it is called and
-- whether it is hidden, and is not arranged yet where it comes to.
CREATE FUNCTION uptime.place_monitor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO uptime.component (org_id, id, service_id, monitor_id) VALUES (NEW.org_id, NEW.id, NEW.service_id, NEW.id)
  ON CONFLICT (org_id, id) DO UPDATE SET service_id = NEW.service_id, section_id = NULL, position = NULL;
  RETURN NULL;
END
$$;
CREATE TRIGGER place_new_monitor AFTER INSERT ON uptime.monitor FOR EACH ROW EXECUTE FUNCTION uptime.place_monitor();
CREATE TRIGGER place_monitor AFTER UPDATE OF service_id ON uptime.monitor FOR EACH ROW
  WHEN (OLD.service_id IS DISTINCT FROM NEW.service_id) EXECUTE FUNCTION uptime.place_monitor();

-- What readers knew the monitor as, once it is gone with its component.
ALTER TABLE uptime.incident ADD COLUMN public_name text;
