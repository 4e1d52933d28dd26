-- The schema as it stands after the last file of migrations/sqlite, for PostgreSQL 15 and
-- later. A test holds both against each other (tests/it/engines.rs). Instants are milliseconds
-- since 1970 (UTC), ids are UUIDs in TEXT, lists and objects are JSON in TEXT. Texts sort by
-- their bytes, as SQLite sorts them: our cursors rely on it.

-- What the store's texts use and PostgreSQL has not. The rows of a batch, as SQLite unpacks
-- them:
CREATE FUNCTION json_each(rows TEXT) RETURNS TABLE (value JSONB, atom TEXT)
LANGUAGE sql IMMUTABLE ROWS 100
AS $$ SELECT e, e #>> '{}' FROM jsonb_array_elements(rows::JSONB) AS e $$;

-- One element of a list in a column:
CREATE FUNCTION json_element(list TEXT, place INTEGER) RETURNS TEXT
LANGUAGE sql IMMUTABLE
AS $$ SELECT list::JSONB ->> place $$;
CREATE OPERATOR ->> (LEFTARG = TEXT, RIGHTARG = INTEGER, FUNCTION = json_element);

CREATE FUNCTION instr(whole TEXT, part TEXT) RETURNS INTEGER
LANGUAGE sql IMMUTABLE
AS $$ SELECT strpos(whole, part) $$;

CREATE FUNCTION unixepoch() RETURNS BIGINT
LANGUAGE sql STABLE
AS $$ SELECT CAST(floor(extract(epoch FROM clock_timestamp())) AS BIGINT) $$;

-- The queue's own tables, with the columns of apalis' SQLite ones.
CREATE TABLE Workers (
    id TEXT COLLATE "C" PRIMARY KEY,
    worker_type TEXT NOT NULL,
    storage_name TEXT NOT NULL,
    layers TEXT,
    last_seen BIGINT NOT NULL DEFAULT unixepoch(),
    started_at BIGINT
);
CREATE TABLE Jobs (
    job TEXT NOT NULL,
    id TEXT COLLATE "C" PRIMARY KEY,
    job_type TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL DEFAULT 'Pending',
    attempts BIGINT NOT NULL DEFAULT 0,
    max_attempts BIGINT NOT NULL DEFAULT 25,
    run_at BIGINT NOT NULL DEFAULT unixepoch(),
    last_result TEXT,
    lock_at BIGINT,
    lock_by TEXT COLLATE "C" REFERENCES Workers (id),
    done_at BIGINT,
    priority BIGINT NOT NULL DEFAULT 0,
    metadata TEXT,
    idempotency_key TEXT COLLATE "C"
);
CREATE UNIQUE INDEX idx_jobs_idempotency_key ON Jobs (job_type, idempotency_key);
CREATE INDEX idx_jobs_pending ON Jobs (job_type, priority DESC, run_at, id)
    WHERE status = 'Pending' AND lock_by IS NULL;
CREATE INDEX idx_jobs_claimed ON Jobs (lock_by) WHERE status IN ('Queued', 'Running');
CREATE INDEX idx_jobs_finished ON Jobs (job_type, status, done_at, id) WHERE status IN ('Done', 'Failed', 'Killed');

CREATE TABLE settings (
    key TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE patients (
    id TEXT COLLATE "C" PRIMARY KEY,
    line_user_id TEXT COLLATE "C" UNIQUE,
    display_name TEXT COLLATE "C" NOT NULL,
    external_ref TEXT COLLATE "C",
    locale TEXT COLLATE "C",
    time_zone TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived')),
    reachability TEXT COLLATE "C" NOT NULL DEFAULT 'unknown'
        CHECK (reachability IN ('unknown', 'reachable', 'blocked', 'unlinked')),
    consented_at BIGINT,
    tags TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    note TEXT COLLATE "C" NOT NULL DEFAULT '',
    demo BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    followed_at BIGINT,
    reached_at BIGINT,
    probed_at BIGINT,
    search_text TEXT COLLATE "C",
    search_key BIGINT
);

CREATE TABLE protocols (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL DEFAULT '',
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
    -- The clinic's own "Messages", which one-off messages carry; never listed.
    built_in BOOLEAN NOT NULL DEFAULT FALSE,
    demo BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE protocol_versions (
    id TEXT COLLATE "C" PRIMARY KEY,
    protocol_id TEXT COLLATE "C" NOT NULL REFERENCES protocols (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    when_unreachable TEXT COLLATE "C" NOT NULL DEFAULT 'hold'
        CHECK (when_unreachable IN ('hold', 'drop')),
    UNIQUE (protocol_id, version)
);

CREATE TABLE protocol_steps (
    id TEXT COLLATE "C" PRIMARY KEY,
    version_id TEXT COLLATE "C" NOT NULL REFERENCES protocol_versions (id) ON DELETE CASCADE,
    step_order BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL DEFAULT '',
    trigger_rule TEXT COLLATE "C" NOT NULL,
    message_type TEXT COLLATE "C" NOT NULL CHECK (message_type IN ('text', 'image', 'flex', 'template')),
    content TEXT COLLATE "C" NOT NULL,
    requires_feedback BOOLEAN NOT NULL DEFAULT FALSE,
    feedback TEXT COLLATE "C",
    priority TEXT COLLATE "C" NOT NULL DEFAULT 'normal' CHECK (priority IN ('high', 'normal', 'low')),
    freshness_ms BIGINT NOT NULL,
    UNIQUE (version_id, step_order)
);

CREATE TABLE assignments (
    id TEXT COLLATE "C" PRIMARY KEY,
    -- NULL only for the built-in "Messages".
    patient_id TEXT COLLATE "C" REFERENCES patients (id) ON DELETE CASCADE,
    protocol_id TEXT COLLATE "C" NOT NULL REFERENCES protocols (id) ON DELETE CASCADE,
    version_id TEXT COLLATE "C" NOT NULL REFERENCES protocol_versions (id) ON DELETE CASCADE,
    status TEXT COLLATE "C" NOT NULL
        CHECK (status IN ('assigned', 'active', 'paused', 'completed', 'cancelled')),
    started_at BIGINT,
    paused_at BIGINT,
    -- [[from, to], …] of the pauses that are over.
    pauses TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    ended_at BIGINT,
    current_step BIGINT NOT NULL DEFAULT 0,
    -- Everything due up to and including this instant has its delivery.
    planned_through BIGINT,
    next_due_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    listed_status TEXT COLLATE "C" GENERATED ALWAYS AS (status) STORED
);

CREATE TABLE recurrences (
    id TEXT COLLATE "C" PRIMARY KEY,
    patient_id TEXT COLLATE "C" NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    message_type TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    priority TEXT COLLATE "C" NOT NULL,
    cron TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at BIGINT NOT NULL,
    follows_patient BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE deliveries (
    -- Also LINE's X-Line-Retry-Key.
    id TEXT COLLATE "C" PRIMARY KEY,
    patient_id TEXT COLLATE "C" NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    -- NULL for a one-off message.
    assignment_id TEXT COLLATE "C" REFERENCES assignments (id) ON DELETE CASCADE,
    protocol_id TEXT COLLATE "C" NOT NULL,
    step_id TEXT COLLATE "C" NOT NULL,
    -- Which time of the step this is: 0, or the local time as YYYYMMDDHHMM.
    occurrence BIGINT NOT NULL,
    recurrence_id TEXT COLLATE "C" REFERENCES recurrences (id),
    message_type TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    feedback TEXT COLLATE "C",
    -- The exact bytes LINE gets, and whom they name; NULL while the patient has no LINE.
    body TEXT COLLATE "C",
    recipient TEXT COLLATE "C",
    priority TEXT COLLATE "C" NOT NULL CHECK (priority IN ('high', 'normal', 'low')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN
        ('scheduled', 'queued', 'retrying', 'held', 'sent', 'failed', 'review', 'cancelled')),
    due_at BIGINT NOT NULL,
    -- Not sent by itself after this instant.
    expires_at BIGINT NOT NULL,
    next_attempt_at BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    -- Attempts since the last sweep or retry by staff; the retry rule counts these.
    round_attempts BIGINT NOT NULL DEFAULT 0,
    -- How many times the program ended while this was being sent.
    crash_starts BIGINT NOT NULL DEFAULT 0,
    first_attempt_at BIGINT,
    last_attempt_at BIGINT,
    accepted_at BIGINT,
    line_message_ids TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    line_request_id TEXT COLLATE "C",
    cause TEXT COLLATE "C",
    http_status BIGINT,
    error_text TEXT COLLATE "C",
    idempotency_key TEXT COLLATE "C" UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    when_unreachable TEXT COLLATE "C" NOT NULL DEFAULT 'hold'
        CHECK (when_unreachable IN ('hold', 'drop')),
    answer_window_ms BIGINT,
    answer_by BIGINT,
    postponed BIGINT NOT NULL DEFAULT 0,
    maybe_sent_at BIGINT,
    listed_state TEXT COLLATE "C" GENERATED ALWAYS AS (state) STORED,
    UNIQUE (assignment_id, step_id, occurrence)
);

CREATE TABLE delivery_attempts (
    delivery_id TEXT COLLATE "C" NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    attempt BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    http_status BIGINT,
    error_text TEXT COLLATE "C",
    PRIMARY KEY (delivery_id, attempt)
);

CREATE TABLE interaction_logs (
    -- The delivery's id.
    id TEXT COLLATE "C" PRIMARY KEY,
    -- The patient.
    user_id TEXT COLLATE "C" NOT NULL,
    protocol_id TEXT COLLATE "C" NOT NULL,
    step_id TEXT COLLATE "C" NOT NULL,
    assignment_id TEXT COLLATE "C" NOT NULL,
    -- LINE's id of the message; NULL when LINE never accepted it.
    message_id TEXT COLLATE "C",
    sent_at BIGINT,
    delivered_at BIGINT,
    responded_at BIGINT,
    response_value TEXT COLLATE "C",
    response_action TEXT COLLATE "C",
    time_difference_ms BIGINT,
    status TEXT COLLATE "C" NOT NULL
        CHECK (status IN ('sent', 'delivered', 'read', 'responded', 'missed', 'failed')),
    created_at BIGINT NOT NULL,
    listed_status TEXT COLLATE "C" GENERATED ALWAYS AS (status) STORED
);

CREATE TABLE delivery_stats (
    bucket_at BIGINT PRIMARY KEY,
    total BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    sent BIGINT NOT NULL DEFAULT 0,
    delivered BIGINT NOT NULL DEFAULT 0,
    seen BIGINT NOT NULL DEFAULT 0,
    responded BIGINT NOT NULL DEFAULT 0,
    missed BIGINT NOT NULL DEFAULT 0,
    asked BIGINT NOT NULL DEFAULT 0,
    delivery_ms BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE cron_jobs (
    name TEXT COLLATE "C" PRIMARY KEY,
    cron TEXT COLLATE "C" NOT NULL,
    last_run_at BIGINT,
    next_run_at BIGINT NOT NULL
);

CREATE TABLE webhook_events (
    id TEXT COLLATE "C" PRIMARY KEY,
    webhook_event_id TEXT COLLATE "C" NOT NULL UNIQUE,
    event_type TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    processed_at BIGINT,
    redelivered BOOLEAN NOT NULL DEFAULT FALSE,
    retry_at BIGINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE staff (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    created_at BIGINT NOT NULL
);

CREATE TABLE api_tokens (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE sessions (
    id TEXT COLLATE "C" PRIMARY KEY,
    session_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    actor TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    page_hash TEXT COLLATE "C" NOT NULL DEFAULT '',
    token_id TEXT COLLATE "C" REFERENCES api_tokens (id)
);

CREATE TABLE audit_log (
    id TEXT COLLATE "C" PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    detail TEXT COLLATE "C"
);

CREATE TABLE answers (
    id TEXT COLLATE "C" PRIMARY KEY,
    delivery_id TEXT COLLATE "C" NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    patient_id TEXT COLLATE "C" NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    action TEXT COLLATE "C" NOT NULL CHECK (action IN ('complete', 'postpone', 'skip')),
    value TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    counted BOOLEAN NOT NULL,
    late BOOLEAN NOT NULL,
    answered_at BIGINT NOT NULL
);

CREATE TABLE patient_messages (
    id TEXT COLLATE "C" PRIMARY KEY,
    patient_id TEXT COLLATE "C" NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    delivery_id TEXT COLLATE "C" REFERENCES deliveries (id) ON DELETE SET NULL,
    line_message_id TEXT COLLATE "C" NOT NULL UNIQUE,
    -- LINE's type: text, image, sticker, …
    kind TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C",
    quoted BOOLEAN NOT NULL DEFAULT FALSE,
    said_at BIGINT NOT NULL,
    unsent_at BIGINT
);

CREATE TABLE worklist (
    id TEXT COLLATE "C" PRIMARY KEY,
    patient_id TEXT COLLATE "C" NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    delivery_id TEXT COLLATE "C" REFERENCES deliveries (id) ON DELETE CASCADE,
    reason TEXT COLLATE "C" NOT NULL CHECK (reason IN
        ('worrying', 'postponed', 'missed', 'blocked', 'unlinked', 'failed', 'expired', 'wrote', 'relink')),
    -- What it is about: there is one open item for one matter.
    matter TEXT COLLATE "C" NOT NULL,
    urgent BOOLEAN NOT NULL DEFAULT FALSE,
    detail TEXT COLLATE "C",
    owner TEXT COLLATE "C",
    snoozed_until BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolved_by TEXT COLLATE "C",
    rank BIGINT
        GENERATED ALWAYS AS (created_at + CASE WHEN urgent THEN 100000000000000 ELSE 0 END) STORED,
    listed_reason TEXT COLLATE "C" GENERATED ALWAYS AS (reason) STORED
);

CREATE TABLE notes (
    id TEXT COLLATE "C" PRIMARY KEY,
    patient_id TEXT COLLATE "C" NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    work_id TEXT COLLATE "C" REFERENCES worklist (id) ON DELETE SET NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('note', 'call')),
    text TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE link_codes (
    code_hash TEXT COLLATE "C" PRIMARY KEY,
    patient_id TEXT COLLATE "C" NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE answer_stats (
    day_at BIGINT NOT NULL,
    protocol_id TEXT COLLATE "C" NOT NULL,
    step_id TEXT COLLATE "C" NOT NULL,
    sent BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    asked BIGINT NOT NULL DEFAULT 0,
    missed BIGINT NOT NULL DEFAULT 0,
    completed BIGINT NOT NULL DEFAULT 0,
    postponed BIGINT NOT NULL DEFAULT 0,
    skipped BIGINT NOT NULL DEFAULT 0,
    answer_ms BIGINT NOT NULL DEFAULT 0,
    -- How often each value was answered: {"value": count}.
    answer_values TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    -- Every time to an answer, milliseconds, as 8 hex digits each: medians stay exact.
    answer_times TEXT COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (day_at, step_id)
);

-- The state machine of domain/assignment.rs, for writers that do not know it.
CREATE FUNCTION assignments_lifecycle() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> NEW.status AND NOT (
        (OLD.status = 'assigned' AND NEW.status IN ('active', 'cancelled'))
        OR (OLD.status = 'active' AND NEW.status IN ('paused', 'completed', 'cancelled'))
        OR (OLD.status = 'paused' AND NEW.status IN ('active', 'completed', 'cancelled'))
    ) THEN
        RAISE EXCEPTION 'this step of the lifecycle is not allowed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER assignments_lifecycle BEFORE UPDATE OF status ON assignments
    FOR EACH ROW EXECUTE FUNCTION assignments_lifecycle();

CREATE INDEX answers_by_delivery ON answers (delivery_id, answered_at);
CREATE INDEX answers_by_patient ON answers (patient_id, answered_at, id);
CREATE UNIQUE INDEX answers_counted ON answers (delivery_id) WHERE counted = TRUE;

CREATE INDEX assignments_by_patient ON assignments (patient_id, status);
CREATE INDEX assignments_by_protocol ON assignments (protocol_id, status);
CREATE INDEX assignments_by_status ON assignments (listed_status, created_at, id);
CREATE INDEX assignments_by_time ON assignments (created_at, id);
CREATE INDEX assignments_by_version ON assignments (version_id);
CREATE INDEX assignments_closing ON assignments (id) WHERE status = 'active' AND next_due_at IS NULL;
CREATE INDEX assignments_due ON assignments (next_due_at) WHERE status = 'active' AND next_due_at IS NOT NULL;
CREATE INDEX assignments_of_protocol ON assignments (protocol_id, created_at, id);
CREATE INDEX assignments_of_protocol_by_status ON assignments (protocol_id, listed_status, created_at, id);

CREATE INDEX audit_log_by_subject ON audit_log (subject, at) WHERE subject IS NOT NULL;
CREATE INDEX audit_log_by_time ON audit_log (at, id);

CREATE INDEX deliveries_attention ON deliveries (updated_at, id) WHERE state IN ('failed', 'review');
CREATE INDEX deliveries_by_assignment ON deliveries (assignment_id, state);
CREATE INDEX deliveries_by_due ON deliveries (due_at, id);
CREATE INDEX deliveries_by_patient ON deliveries (patient_id, due_at, id);
CREATE INDEX deliveries_by_recurrence ON deliveries (recurrence_id, due_at) WHERE recurrence_id IS NOT NULL;
CREATE INDEX deliveries_by_state ON deliveries (listed_state, due_at, id);
CREATE INDEX deliveries_entered ON deliveries (recurrence_id)
    WHERE recurrence_id IS NOT NULL AND state = 'scheduled';
CREATE INDEX deliveries_expiring ON deliveries (expires_at)
    WHERE state IN ('scheduled', 'queued', 'retrying', 'held');
CREATE INDEX deliveries_held ON deliveries (cause, due_at) WHERE state = 'held';
CREATE INDEX deliveries_held_by_expiry ON deliveries (expires_at) WHERE state = 'held';
CREATE INDEX deliveries_outworn ON deliveries (expires_at, id) WHERE state = 'failed';
CREATE INDEX deliveries_queued ON deliveries (updated_at) WHERE state = 'queued';
CREATE INDEX deliveries_retryable ON deliveries (updated_at, first_attempt_at, cause, state, assignment_id, id)
    WHERE state IN ('failed', 'review') AND cause NOT IN ('message_invalid', 'patient_unknown', 'not_allowed',
        'refused', 'crashed', 'not_linked', 'blocked');
CREATE INDEX deliveries_unanswered ON deliveries (answer_by) WHERE answer_by IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (next_attempt_at)
    WHERE state IN ('scheduled', 'retrying', 'held');

CREATE INDEX interaction_logs_by_assignment ON interaction_logs (assignment_id, created_at);
CREATE INDEX interaction_logs_by_message ON interaction_logs (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX interaction_logs_by_status ON interaction_logs (listed_status, created_at, id);
CREATE INDEX interaction_logs_by_time ON interaction_logs (created_at, id);
CREATE INDEX interaction_logs_by_user ON interaction_logs (user_id, created_at, id);
CREATE INDEX interaction_logs_unproven ON interaction_logs (user_id, sent_at)
    WHERE delivered_at IS NULL AND status <> 'failed';

CREATE INDEX link_codes_by_patient ON link_codes (patient_id);

CREATE INDEX notes_by_patient ON notes (patient_id, created_at, id);
CREATE INDEX notes_by_work ON notes (work_id) WHERE work_id IS NOT NULL;

CREATE INDEX patient_messages_by_delivery ON patient_messages (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX patient_messages_by_patient ON patient_messages (patient_id, said_at, id);

CREATE INDEX patients_by_ref ON patients (external_ref) WHERE external_ref IS NOT NULL;
CREATE UNIQUE INDEX patients_by_search_key ON patients (search_key) WHERE search_key IS NOT NULL;
CREATE INDEX patients_by_time ON patients (created_at, id);
CREATE INDEX patients_demo ON patients (id) WHERE demo = TRUE;
CREATE INDEX patients_unsearched ON patients (id) WHERE search_text IS NULL;

CREATE INDEX recurrences_active ON recurrences (active) WHERE active = TRUE;
CREATE INDEX recurrences_by_patient ON recurrences (patient_id);

CREATE INDEX webhook_events_forgettable ON webhook_events (processed_at) WHERE processed_at IS NOT NULL;
CREATE INDEX webhook_events_open ON webhook_events (received_at) WHERE processed_at IS NULL;
CREATE INDEX webhook_events_redelivered ON webhook_events (id) WHERE redelivered = TRUE;

CREATE INDEX worklist_by_delivery ON worklist (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX worklist_by_matter ON worklist (matter);
CREATE INDEX worklist_by_patient ON worklist (patient_id, created_at, id);
CREATE INDEX worklist_by_rank ON worklist (rank, id) WHERE resolved_at IS NULL;
CREATE INDEX worklist_by_reason ON worklist (listed_reason, rank, id) WHERE resolved_at IS NULL;
CREATE INDEX worklist_due ON worklist (snoozed_until, urgent) WHERE resolved_at IS NULL;
CREATE UNIQUE INDEX worklist_open ON worklist (matter) WHERE resolved_at IS NULL;
CREATE INDEX worklist_settled_by_rank ON worklist (rank, id) WHERE resolved_at IS NOT NULL;
CREATE INDEX worklist_settled_by_reason ON worklist (listed_reason, rank, id) WHERE resolved_at IS NOT NULL;

-- What one-off messages carry, so that every row of the interaction log has its protocol,
-- step and assignment.
INSERT INTO protocols (id, name, description, status, built_in, created_at, updated_at)
VALUES ('00000000-0000-7000-8000-000000000001', 'Messages', 'One-off messages', 'active', TRUE, 0, 0);
INSERT INTO protocol_versions (id, protocol_id, version, published_at, created_at)
VALUES ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 1, 0, 0);
INSERT INTO protocol_steps (id, version_id, step_order, name, trigger_rule, message_type, content, freshness_ms)
VALUES ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000002', 1, 'Message',
    '{"type":"immediate"}', 'text', '{"text":"-"}', 21600000);
INSERT INTO assignments (id, protocol_id, version_id, status, created_at, updated_at)
VALUES ('00000000-0000-7000-8000-000000000004', '00000000-0000-7000-8000-000000000001',
    '00000000-0000-7000-8000-000000000002', 'assigned', 0, 0);
