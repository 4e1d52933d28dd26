-- What was settled last.
CREATE INDEX worklist_settled ON worklist (resolved_at) WHERE resolved_at IS NOT NULL;
