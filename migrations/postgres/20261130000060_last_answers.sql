-- When a patient last answered a question; NULL where they never did. Written with each answer
-- (store/interactions/changes.rs), since a list is ordered by it.
ALTER TABLE patients ADD COLUMN last_answer_at BIGINT;
UPDATE patients SET last_answer_at =
    (SELECT MAX(i.responded_at) FROM interaction_logs i WHERE i.user_id = patients.id);
CREATE INDEX patients_by_last_answer ON patients (COALESCE(last_answer_at, 0), id);
