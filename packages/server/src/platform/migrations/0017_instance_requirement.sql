-- The org whose people come in through the issuer of the instance alone, as its operator has set: a row while that is so.
CREATE TABLE platform.instance_requirement (
  org_id uuid PRIMARY KEY REFERENCES gatehouse.org (org_id),
  -- The owner who may still use a password.
  break_glass_user text NOT NULL,
  FOREIGN KEY (org_id, break_glass_user) REFERENCES platform.membership (org_id, user_id) ON DELETE CASCADE
);
CALL gatehouse.confine_to_org('platform.instance_requirement', 'SELECT, INSERT, UPDATE, DELETE');
CALL gatehouse.open_to('platform.instance_requirement', 'gatehouse_gate', 'SELECT');
CALL gatehouse.open_to_eraser('platform.instance_requirement');

-- Orgs that take no password but that of one owner. An org's own issuer comes before that of the instance.
CREATE VIEW platform.sso_requirement WITH (security_invoker = true) AS
  SELECT org_id, break_glass_user FROM platform.sso_connection WHERE is_required
  UNION ALL
  SELECT org_id, break_glass_user FROM platform.instance_requirement AS of_instance
   WHERE NOT EXISTS (SELECT FROM platform.sso_connection AS own WHERE own.org_id = of_instance.org_id);
GRANT SELECT ON platform.sso_requirement TO gatehouse_app, gatehouse_telemetry, gatehouse_gate;
