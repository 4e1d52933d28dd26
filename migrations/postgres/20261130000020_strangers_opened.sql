-- Since when a stranger has waited for staff: what they said from then on stands on the worklist
-- also once they are a patient.
ALTER TABLE strangers ADD COLUMN opened_at BIGINT;
UPDATE strangers SET opened_at = created_at;
