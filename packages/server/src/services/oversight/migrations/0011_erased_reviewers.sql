-- An erasure puts a word in place of a person in what was decided of how decisions are routed; nothing else changes a version.
GRANT UPDATE (body) ON oversight.decision_policy TO gatehouse_app;
