-- When LINE may first have taken it: the first attempt without a clear answer, or the claim
-- before the program ended. NULL while it surely has not.
ALTER TABLE deliveries ADD COLUMN maybe_sent_at BIGINT;
UPDATE deliveries SET maybe_sent_at = first_attempt_at
    WHERE attempts > 0 AND state NOT IN ('sent', 'cancelled');

-- What was held waited for the instant it expires. It is looked at once more, and from now on
-- next_attempt_at is the instant it will really go, or NULL while that hangs on an act.
UPDATE deliveries SET next_attempt_at = 0 WHERE state = 'held';

-- What is held for a reason that ends for all at once: the channel, a pause of all sending.
CREATE INDEX deliveries_held ON deliveries (cause, due_at) WHERE state = 'held';

DROP INDEX deliveries_expiring;
CREATE INDEX deliveries_expiring ON deliveries (expires_at)
    WHERE state IN ('scheduled', 'queued', 'retrying', 'held');

-- The longest queued first, for whoever looks after what got stuck.
DROP INDEX deliveries_queued;
CREATE INDEX deliveries_queued ON deliveries (updated_at) WHERE state = 'queued';

DROP INDEX deliveries_by_recurrence;
CREATE INDEX deliveries_by_recurrence ON deliveries (recurrence_id, due_at) WHERE recurrence_id IS NOT NULL;
CREATE INDEX deliveries_entered ON deliveries (recurrence_id)
    WHERE recurrence_id IS NOT NULL AND state = 'scheduled';

-- Whether it goes by the zone the patient lives in, wherever that is, or by its own.
ALTER TABLE recurrences ADD COLUMN follows_patient INTEGER NOT NULL DEFAULT 0;
CREATE INDEX recurrences_active ON recurrences (active) WHERE active = 1;
