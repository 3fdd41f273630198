-- Emptied when webhooks moved to gatehouse.delivery; dropped here, after the migrations that still speak of them.
DROP TABLE gatehouse.webhook_attempt, gatehouse.webhook_delivery, gatehouse.webhook_message;
