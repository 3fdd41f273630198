GRANT USAGE ON SCHEMA uptime TO gatehouse_eraser;

CALL gatehouse.open_to_eraser('uptime.delivery');
CALL gatehouse.open_to_eraser('uptime.channel_binding');
CALL gatehouse.open_to_eraser('uptime.channel_verification');
CALL gatehouse.open_to_eraser('uptime.channel');
CALL gatehouse.open_to_eraser('uptime.heartbeat_ping');
CALL gatehouse.open_to_eraser('uptime.heartbeat');
CALL gatehouse.open_to_eraser('uptime.check_result');
CALL gatehouse.open_to_eraser('uptime.state_interval');
CALL gatehouse.open_to_eraser('uptime.incident_update');
CALL gatehouse.open_to_eraser('uptime.incident');
CALL gatehouse.open_to_eraser('uptime.maintenance_window');
CALL gatehouse.open_to_eraser('uptime.schedule');
CALL gatehouse.open_to_eraser('uptime.monitor_state');
CALL gatehouse.open_to_eraser('uptime.monitor');
CALL gatehouse.open_to_eraser('uptime.service');
