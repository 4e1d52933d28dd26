-- When a patient last answered a question; 0 where they never did. Written with each answer
-- (store/interactions/changes.rs), since a list is ordered by it.
ALTER TABLE patients ADD COLUMN last_answer_at BIGINT NOT NULL DEFAULT 0;
UPDATE patients SET last_answer_at =
    COALESCE((SELECT MAX(i.responded_at) FROM interaction_logs i WHERE i.user_id = patients.id), 0);
CREATE INDEX patients_by_last_answer ON patients (last_answer_at, id);
