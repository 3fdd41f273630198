-- For screens: decisions that wait for a person, and alerts. What goes on by itself is no news to anybody.
CREATE TRIGGER hint_live_queued AFTER INSERT ON oversight.decision
  FOR EACH ROW WHEN (NEW.state = 'pending') EXECUTE FUNCTION gatehouse.hint_live('decisions');
CREATE TRIGGER hint_live_reviewed AFTER UPDATE OF state, assignee, claimed_until, tier ON oversight.decision
  FOR EACH ROW EXECUTE FUNCTION gatehouse.hint_live('decisions');
CALL gatehouse.hint_at('oversight.alert', 'alerts', 'INSERT OR DELETE OR UPDATE OF acknowledged_at, closed_at');
