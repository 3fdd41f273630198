-- What keeps the presets of an org in order: whoever changes one holds this row, and raises the revision.
CREATE TABLE volatility.preset_head (
  org_id uuid PRIMARY KEY REFERENCES gatehouse.org (org_id),
  revision bigint NOT NULL CHECK (revision > 0)
);

-- A preset of an org's own. A name that is used again after a deletion is another preset.
CREATE TABLE volatility.preset (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  name text NOT NULL,
  id text NOT NULL,
  -- The newest one.
  version integer NOT NULL CHECK (version > 0),
  PRIMARY KEY (org_id, name),
  UNIQUE (org_id, id)
);

-- What a preset was and is; a version never changes.
CREATE TABLE volatility.preset_version (
  org_id uuid NOT NULL REFERENCES gatehouse.org (org_id),
  preset_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  method text NOT NULL,
  high_enter double precision NOT NULL,
  high_exit double precision NOT NULL,
  low_enter double precision NOT NULL,
  low_exit double precision NOT NULL,
  enter_k smallint NOT NULL,
  exit_k smallint NOT NULL,
  description text,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, preset_id, version)
);

CALL gatehouse.confine_to_org('volatility.preset_head', 'SELECT, INSERT, UPDATE');
CALL gatehouse.open_to_eraser('volatility.preset_head');
CALL gatehouse.confine_to_org('volatility.preset', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_eraser('volatility.preset');
CALL gatehouse.confine_to_org('volatility.preset_version', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('volatility.preset_version');
