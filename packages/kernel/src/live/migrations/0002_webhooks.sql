-- For the list of destinations. Without what every attempt measures.
CALL gatehouse.hint_at('gatehouse.webhook_endpoint', 'webhooks', 'INSERT OR DELETE OR UPDATE OF state, updated_at');
