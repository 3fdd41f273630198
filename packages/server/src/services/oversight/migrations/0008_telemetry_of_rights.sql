-- What a browser was asked, and when a link was used last.
CALL gatehouse.open_to_telemetry('oversight.enrolment', 'INSERT, UPDATE, DELETE');
CALL gatehouse.open_to_telemetry('oversight.access_link', 'UPDATE (last_used_at)');
