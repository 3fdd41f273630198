-- What the payment provider sends is kept as it came, also where it tells nothing of a subscription, or cannot be read.
ALTER TABLE volatility.paddle_event
  ALTER COLUMN subscription_id DROP NOT NULL,
  ALTER COLUMN event_type DROP NOT NULL,
  ALTER COLUMN occurred_at DROP NOT NULL,
  ALTER COLUMN status DROP NOT NULL,
  DROP CONSTRAINT paddle_event_disposition_check,
  ADD CONSTRAINT paddle_event_disposition_check CHECK (
    disposition IN ('applied', 'superseded', 'unknown_price', 'quarantined', 'unreadable', 'not_followed')),
  ADD CONSTRAINT paddle_event_is_whole CHECK (
    disposition IN ('unreadable', 'not_followed') OR num_nulls(subscription_id, event_type, occurred_at, status) = 0);
