-- Exercises of an organisation's own, beside those that are built in. Nobody changes one: it is taken out, and another added.
CREATE TABLE oversight.practice_item (
  org_id uuid NOT NULL,
  id text NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  dimension text NOT NULL,
  minutes smallint NOT NULL,
  steps text[] NOT NULL CHECK (cardinality(steps) > 0),
  -- How many cases of one's own it takes.
  cases smallint NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (org_id, id)
);
CALL gatehouse.confine_to_org('oversight.practice_item', 'SELECT, INSERT, DELETE');
CALL gatehouse.open_to_eraser('oversight.practice_item');
