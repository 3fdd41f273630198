-- A verdict on a claim is news to everybody who looks at the posture.
CREATE FUNCTION posture.hint_at_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM gatehouse.invalidate('changed:*:claims');
  RETURN NULL;
END
$$;
CREATE TRIGGER hint_live AFTER INSERT ON posture.evidence
  FOR EACH STATEMENT EXECUTE FUNCTION posture.hint_at_claims();
