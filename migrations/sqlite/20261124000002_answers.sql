-- What patients say: answers, words, signs of life; and what staff are to do about it.

-- When this account last became a friend (again); what was sent before may never have come.
ALTER TABLE patients ADD COLUMN followed_at BIGINT;
-- LINE's time of the event that last said whether the patient can be reached.
ALTER TABLE patients ADD COLUMN reached_at BIGINT;
-- When LINE was last asked for the patient's profile.
ALTER TABLE patients ADD COLUMN probed_at BIGINT;

-- What becomes of a due step while the patient cannot be reached.
ALTER TABLE protocol_versions ADD COLUMN when_unreachable TEXT NOT NULL DEFAULT 'hold'
    CHECK (when_unreachable IN ('hold', 'drop'));
ALTER TABLE deliveries ADD COLUMN when_unreachable TEXT NOT NULL DEFAULT 'hold'
    CHECK (when_unreachable IN ('hold', 'drop'));

-- The window for an answer; NULL where nothing is asked.
ALTER TABLE deliveries ADD COLUMN answer_window_ms BIGINT;
-- Missed when this passes; NULL where no answer is awaited (any more).
ALTER TABLE deliveries ADD COLUMN answer_by BIGINT;
-- How often the same question was postponed before this message.
ALTER TABLE deliveries ADD COLUMN postponed INTEGER NOT NULL DEFAULT 0;
UPDATE deliveries SET answer_window_ms = 86400000 WHERE feedback IS NOT NULL;
UPDATE deliveries SET answer_by = accepted_at + answer_window_ms
WHERE state = 'sent' AND answer_window_ms IS NOT NULL;
CREATE INDEX deliveries_unanswered ON deliveries (answer_by) WHERE answer_by IS NOT NULL;

CREATE INDEX interaction_logs_unproven ON interaction_logs (user_id, sent_at)
    WHERE delivered_at IS NULL AND status <> 'failed';

-- Every press of a button, in the order they were worked on; the first one counts.
CREATE TABLE answers (
    id TEXT PRIMARY KEY NOT NULL,
    delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    patient_id TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    action TEXT NOT NULL CHECK (action IN ('complete', 'postpone', 'skip')),
    value TEXT NOT NULL,
    label TEXT NOT NULL,
    counted INTEGER NOT NULL,
    late INTEGER NOT NULL,
    answered_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX answers_counted ON answers (delivery_id) WHERE counted = 1;
CREATE INDEX answers_by_delivery ON answers (delivery_id, answered_at);
CREATE INDEX answers_by_patient ON answers (patient_id, answered_at, id);

-- What patients wrote, attached to the message it is about.
CREATE TABLE patient_messages (
    id TEXT PRIMARY KEY NOT NULL,
    patient_id TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    delivery_id TEXT REFERENCES deliveries (id) ON DELETE SET NULL,
    line_message_id TEXT NOT NULL UNIQUE,
    -- LINE's type: text, image, sticker, …
    kind TEXT NOT NULL,
    text TEXT,
    quoted INTEGER NOT NULL DEFAULT 0,
    said_at BIGINT NOT NULL,
    unsent_at BIGINT
);
CREATE INDEX patient_messages_by_patient ON patient_messages (patient_id, said_at, id);
CREATE INDEX patient_messages_by_delivery ON patient_messages (delivery_id) WHERE delivery_id IS NOT NULL;

-- People who need a person.
CREATE TABLE worklist (
    id TEXT PRIMARY KEY NOT NULL,
    patient_id TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    delivery_id TEXT REFERENCES deliveries (id) ON DELETE CASCADE,
    reason TEXT NOT NULL CHECK (reason IN
        ('worrying', 'postponed', 'missed', 'blocked', 'unlinked', 'failed', 'expired', 'wrote', 'relink')),
    -- What it is about: there is one open item for one matter.
    matter TEXT NOT NULL,
    urgent INTEGER NOT NULL DEFAULT 0,
    detail TEXT,
    owner TEXT,
    snoozed_until BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolved_by TEXT
);
CREATE UNIQUE INDEX worklist_open ON worklist (matter) WHERE resolved_at IS NULL;
CREATE INDEX worklist_by_matter ON worklist (matter);
CREATE INDEX worklist_by_time ON worklist (created_at, id) WHERE resolved_at IS NULL;
CREATE INDEX worklist_by_patient ON worklist (patient_id, created_at, id);
CREATE INDEX worklist_by_delivery ON worklist (delivery_id) WHERE resolved_at IS NULL AND delivery_id IS NOT NULL;

CREATE TABLE notes (
    id TEXT PRIMARY KEY NOT NULL,
    patient_id TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    work_id TEXT REFERENCES worklist (id) ON DELETE SET NULL,
    kind TEXT NOT NULL CHECK (kind IN ('note', 'call')),
    text TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX notes_by_patient ON notes (patient_id, created_at, id);

-- One-time codes on slips; only their hashes.
CREATE TABLE link_codes (
    code_hash TEXT PRIMARY KEY NOT NULL,
    patient_id TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX link_codes_by_patient ON link_codes (patient_id);

-- Sums over the questions and answers of a step, by the clinic's day (its first instant).
CREATE TABLE answer_stats (
    day_at BIGINT NOT NULL,
    protocol_id TEXT NOT NULL,
    step_id TEXT NOT NULL,
    sent BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    asked BIGINT NOT NULL DEFAULT 0,
    missed BIGINT NOT NULL DEFAULT 0,
    completed BIGINT NOT NULL DEFAULT 0,
    postponed BIGINT NOT NULL DEFAULT 0,
    skipped BIGINT NOT NULL DEFAULT 0,
    answer_ms BIGINT NOT NULL DEFAULT 0,
    -- How often each value was answered: {"value": count}.
    answer_values TEXT NOT NULL DEFAULT '{}',
    -- Every time to an answer, milliseconds, as 8 hex digits each: medians stay exact.
    answer_times TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (day_at, step_id)
);

CREATE INDEX audit_log_by_subject ON audit_log (subject, at) WHERE subject IS NOT NULL;

-- Whether LINE had tried to deliver the event before.
ALTER TABLE webhook_events ADD COLUMN redelivered INTEGER NOT NULL DEFAULT 0;
CREATE INDEX webhook_events_redelivered ON webhook_events (id) WHERE redelivered = 1;

-- An event that cannot be worked on yet waits until then.
ALTER TABLE webhook_events ADD COLUMN retry_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhook_events ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
