-- A message of its own belongs to no follow-up: it need not stand in the index of those.
DROP INDEX deliveries_by_assignment;
CREATE INDEX deliveries_by_assignment ON deliveries (assignment_id, state) WHERE assignment_id IS NOT NULL;
