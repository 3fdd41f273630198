-- Whoever writes what is measured reads of a key what other reads see: columns that came later were left out.
CALL gatehouse.show_to_telemetry('gatehouse.api_key');
