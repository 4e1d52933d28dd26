-- What comes next to one patient, however much went to them before.
CREATE INDEX deliveries_coming ON deliveries (patient_id, next_attempt_at)
    WHERE state IN ('scheduled', 'retrying', 'held');
