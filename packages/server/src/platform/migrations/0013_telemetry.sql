GRANT USAGE ON SCHEMA platform TO gatehouse_telemetry;
CALL gatehouse.open_to_telemetry('platform.usage_anomaly', 'INSERT');
-- The token of a mail is made when the mail leaves; the invitation was decided before.
CALL gatehouse.open_to_telemetry('platform.invitation', 'UPDATE (mailed_token_digest)');
ALTER POLICY own_people ON platform."user" TO gatehouse_app, gatehouse_telemetry;
CALL gatehouse.show_to_telemetry('platform."user"');
