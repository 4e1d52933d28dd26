-- Lists, counts and clean-up that stay quick beside a million messages: each filter of a list
-- has an index in the list's order, and what looks for a few rows among many has one of those.

-- Where a row stands, for the lists alone. SQLite keeps no statistics here, so it would take an
-- index on the column itself for rarer than it is, and use it in statements that find their rows
-- by an id.
ALTER TABLE deliveries ADD COLUMN listed_state TEXT GENERATED ALWAYS AS (state) VIRTUAL;
ALTER TABLE assignments ADD COLUMN listed_status TEXT GENERATED ALWAYS AS (status) VIRTUAL;
ALTER TABLE interaction_logs ADD COLUMN listed_status TEXT GENERATED ALWAYS AS (status) VIRTUAL;
CREATE INDEX deliveries_by_state ON deliveries (listed_state, due_at, id);
CREATE INDEX assignments_by_status ON assignments (listed_status, created_at, id);
CREATE INDEX interaction_logs_by_status ON interaction_logs (listed_status, created_at, id);

-- What staff may try again by one press, in the order in which that is done.
CREATE INDEX deliveries_retryable ON deliveries (updated_at, first_attempt_at, cause, state, assignment_id, id)
    WHERE state IN ('failed', 'review') AND cause NOT IN ('message_invalid', 'patient_unknown', 'not_allowed',
        'refused', 'crashed', 'not_linked', 'blocked');
-- Failed ones that grow too old to be tried again.
CREATE INDEX deliveries_outworn ON deliveries (expires_at, id) WHERE state = 'failed';
CREATE INDEX deliveries_held_by_expiry ON deliveries (expires_at) WHERE state = 'held';

DROP INDEX interaction_logs_by_user;
CREATE INDEX interaction_logs_by_user ON interaction_logs (user_id, created_at, id);

CREATE INDEX assignments_by_version ON assignments (version_id);
CREATE INDEX assignments_of_protocol_by_status ON assignments (protocol_id, listed_status, created_at, id);
CREATE INDEX assignments_of_protocol ON assignments (protocol_id, created_at, id);

CREATE INDEX patients_by_ref ON patients (external_ref) WHERE external_ref IS NOT NULL;
CREATE INDEX patients_demo ON patients (id) WHERE demo = 1;
CREATE INDEX recurrences_by_patient ON recurrences (patient_id);

-- The urgent sort as if they came after everything else: one key for both.
ALTER TABLE worklist ADD COLUMN rank BIGINT
    GENERATED ALWAYS AS (created_at + urgent * 100000000000000) VIRTUAL;
ALTER TABLE worklist ADD COLUMN listed_reason TEXT GENERATED ALWAYS AS (reason) VIRTUAL;
CREATE INDEX worklist_by_rank ON worklist (rank, id) WHERE resolved_at IS NULL;
CREATE INDEX worklist_by_reason ON worklist (listed_reason, rank, id) WHERE resolved_at IS NULL;
CREATE INDEX worklist_settled_by_rank ON worklist (rank, id) WHERE resolved_at IS NOT NULL;
CREATE INDEX worklist_settled_by_reason ON worklist (listed_reason, rank, id) WHERE resolved_at IS NOT NULL;
CREATE INDEX worklist_due ON worklist (snoozed_until, urgent) WHERE resolved_at IS NULL;
DROP INDEX worklist_by_time;
-- Without it the end of a message looks through every line there ever was.
DROP INDEX worklist_by_delivery;
CREATE INDEX worklist_by_delivery ON worklist (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX notes_by_work ON notes (work_id) WHERE work_id IS NOT NULL;

CREATE INDEX webhook_events_forgettable ON webhook_events (processed_at) WHERE processed_at IS NOT NULL;
