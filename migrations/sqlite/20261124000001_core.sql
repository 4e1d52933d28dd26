-- Instants are milliseconds since 1970 (UTC) in BIGINT, ids are UUIDs in TEXT, lists and
-- objects are JSON in TEXT. Everything here is in the subset SQLite and PostgreSQL share,
-- but for the trigger that guards the lifecycle of assignments.

-- apalis' index on lock_by makes claims and acks scan: 28 times slower beside 20,000
-- waiting jobs.
DROP INDEX IF EXISTS LIdx;

CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE patients (
    id TEXT PRIMARY KEY NOT NULL,
    line_user_id TEXT UNIQUE,
    display_name TEXT NOT NULL,
    external_ref TEXT,
    locale TEXT,
    time_zone TEXT,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived')),
    reachability TEXT NOT NULL DEFAULT 'unknown'
        CHECK (reachability IN ('unknown', 'reachable', 'blocked', 'unlinked')),
    consented_at BIGINT,
    tags TEXT NOT NULL DEFAULT '[]',
    note TEXT NOT NULL DEFAULT '',
    demo INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE protocols (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
    -- The clinic's own "Messages", which one-off messages carry; never listed.
    built_in INTEGER NOT NULL DEFAULT 0,
    demo INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE protocol_versions (
    id TEXT PRIMARY KEY NOT NULL,
    protocol_id TEXT NOT NULL REFERENCES protocols (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (protocol_id, version)
);

CREATE TABLE protocol_steps (
    id TEXT PRIMARY KEY NOT NULL,
    version_id TEXT NOT NULL REFERENCES protocol_versions (id) ON DELETE CASCADE,
    step_order INTEGER NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    trigger_rule TEXT NOT NULL,
    message_type TEXT NOT NULL CHECK (message_type IN ('text', 'image', 'flex', 'template')),
    content TEXT NOT NULL,
    requires_feedback INTEGER NOT NULL DEFAULT 0,
    feedback TEXT,
    priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('high', 'normal', 'low')),
    freshness_ms BIGINT NOT NULL,
    UNIQUE (version_id, step_order)
);

CREATE TABLE assignments (
    id TEXT PRIMARY KEY NOT NULL,
    -- NULL only for the built-in "Messages".
    patient_id TEXT REFERENCES patients (id) ON DELETE CASCADE,
    protocol_id TEXT NOT NULL REFERENCES protocols (id) ON DELETE CASCADE,
    version_id TEXT NOT NULL REFERENCES protocol_versions (id) ON DELETE CASCADE,
    status TEXT NOT NULL
        CHECK (status IN ('assigned', 'active', 'paused', 'completed', 'cancelled')),
    started_at BIGINT,
    paused_at BIGINT,
    -- [[from, to], …] of the pauses that are over.
    pauses TEXT NOT NULL DEFAULT '[]',
    ended_at BIGINT,
    current_step INTEGER NOT NULL DEFAULT 0,
    -- Everything due up to and including this instant has its delivery.
    planned_through BIGINT,
    next_due_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX assignments_due ON assignments (next_due_at) WHERE status = 'active' AND next_due_at IS NOT NULL;
CREATE INDEX assignments_closing ON assignments (id) WHERE status = 'active' AND next_due_at IS NULL;
CREATE INDEX assignments_by_patient ON assignments (patient_id, status);
CREATE INDEX assignments_by_protocol ON assignments (protocol_id, status);
CREATE INDEX assignments_by_time ON assignments (created_at, id);

-- The state machine of domain/assignment.rs, for writers that do not know it.
CREATE TRIGGER assignments_lifecycle BEFORE UPDATE OF status ON assignments
WHEN OLD.status <> NEW.status AND NOT (
    (OLD.status = 'assigned' AND NEW.status IN ('active', 'cancelled'))
    OR (OLD.status = 'active' AND NEW.status IN ('paused', 'completed', 'cancelled'))
    OR (OLD.status = 'paused' AND NEW.status IN ('active', 'completed', 'cancelled'))
)
BEGIN
    SELECT RAISE(ABORT, 'this step of the lifecycle is not allowed');
END;

CREATE TABLE recurrences (
    id TEXT PRIMARY KEY NOT NULL,
    patient_id TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    message_type TEXT NOT NULL,
    content TEXT NOT NULL,
    priority TEXT NOT NULL,
    cron TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);

CREATE TABLE deliveries (
    -- Also LINE's X-Line-Retry-Key.
    id TEXT PRIMARY KEY NOT NULL,
    patient_id TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    -- NULL for a one-off message.
    assignment_id TEXT REFERENCES assignments (id) ON DELETE CASCADE,
    protocol_id TEXT NOT NULL,
    step_id TEXT NOT NULL,
    -- Which time of the step this is: 0, or the local time as YYYYMMDDHHMM.
    occurrence BIGINT NOT NULL,
    recurrence_id TEXT REFERENCES recurrences (id),
    message_type TEXT NOT NULL,
    content TEXT NOT NULL,
    feedback TEXT,
    -- The exact bytes LINE gets, and whom they name; NULL while the patient has no LINE.
    body TEXT,
    recipient TEXT,
    priority TEXT NOT NULL CHECK (priority IN ('high', 'normal', 'low')),
    state TEXT NOT NULL CHECK (state IN
        ('scheduled', 'queued', 'retrying', 'held', 'sent', 'failed', 'review', 'cancelled')),
    due_at BIGINT NOT NULL,
    -- Not sent by itself after this instant.
    expires_at BIGINT NOT NULL,
    next_attempt_at BIGINT,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Attempts since the last sweep or retry by staff; the retry rule counts these.
    round_attempts INTEGER NOT NULL DEFAULT 0,
    -- How many times the program ended while this was being sent.
    crash_starts INTEGER NOT NULL DEFAULT 0,
    first_attempt_at BIGINT,
    last_attempt_at BIGINT,
    accepted_at BIGINT,
    line_message_ids TEXT NOT NULL DEFAULT '[]',
    line_request_id TEXT,
    cause TEXT,
    http_status INTEGER,
    error_text TEXT,
    idempotency_key TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (assignment_id, step_id, occurrence)
);
CREATE INDEX deliveries_waiting ON deliveries (next_attempt_at)
    WHERE state IN ('scheduled', 'retrying', 'held');
CREATE INDEX deliveries_expiring ON deliveries (expires_at)
    WHERE state IN ('scheduled', 'retrying', 'held');
CREATE INDEX deliveries_attention ON deliveries (updated_at, id) WHERE state IN ('failed', 'review');
CREATE INDEX deliveries_queued ON deliveries (id) WHERE state = 'queued';
CREATE INDEX deliveries_by_patient ON deliveries (patient_id, due_at, id);
CREATE INDEX deliveries_by_assignment ON deliveries (assignment_id, state);
CREATE INDEX deliveries_by_due ON deliveries (due_at, id);
CREATE INDEX patients_by_time ON patients (created_at, id);
CREATE INDEX deliveries_by_recurrence ON deliveries (recurrence_id) WHERE recurrence_id IS NOT NULL;

CREATE TABLE delivery_attempts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    cause TEXT NOT NULL,
    http_status INTEGER,
    error_text TEXT,
    PRIMARY KEY (delivery_id, attempt)
);

CREATE TABLE interaction_logs (
    -- The delivery's id.
    id TEXT PRIMARY KEY NOT NULL,
    -- The patient.
    user_id TEXT NOT NULL,
    protocol_id TEXT NOT NULL,
    step_id TEXT NOT NULL,
    assignment_id TEXT NOT NULL,
    -- LINE's id of the message; NULL when LINE never accepted it.
    message_id TEXT,
    sent_at BIGINT,
    delivered_at BIGINT,
    responded_at BIGINT,
    response_value TEXT,
    response_action TEXT,
    time_difference_ms BIGINT,
    status TEXT NOT NULL
        CHECK (status IN ('sent', 'delivered', 'read', 'responded', 'missed', 'failed')),
    created_at BIGINT NOT NULL
);
CREATE INDEX interaction_logs_by_time ON interaction_logs (created_at, id);
CREATE INDEX interaction_logs_by_user ON interaction_logs (user_id, created_at);
CREATE INDEX interaction_logs_by_assignment ON interaction_logs (assignment_id, created_at);
CREATE INDEX interaction_logs_by_message ON interaction_logs (message_id) WHERE message_id IS NOT NULL;

-- Sums over interaction_logs, by the quarter of an hour of created_at: every zone's days
-- begin on one.
CREATE TABLE delivery_stats (
    bucket_at BIGINT PRIMARY KEY NOT NULL,
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
    name TEXT PRIMARY KEY NOT NULL,
    cron TEXT NOT NULL,
    last_run_at BIGINT,
    next_run_at BIGINT NOT NULL
);

CREATE TABLE webhook_events (
    id TEXT PRIMARY KEY NOT NULL,
    webhook_event_id TEXT NOT NULL UNIQUE,
    event_type TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    processed_at BIGINT
);
CREATE INDEX webhook_events_open ON webhook_events (received_at) WHERE processed_at IS NULL;

CREATE TABLE staff (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    created_at BIGINT NOT NULL
);

CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    session_hash TEXT NOT NULL UNIQUE,
    actor TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE audit_log (
    id TEXT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT,
    detail TEXT
);
CREATE INDEX audit_log_by_time ON audit_log (at, id);

-- What one-off messages carry, so that every row of the interaction log has its protocol,
-- step and assignment.
INSERT INTO protocols (id, name, description, status, built_in, created_at, updated_at)
VALUES ('00000000-0000-7000-8000-000000000001', 'Messages', 'One-off messages', 'active', 1, 0, 0);
INSERT INTO protocol_versions (id, protocol_id, version, published_at, created_at)
VALUES ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 1, 0, 0);
INSERT INTO protocol_steps (id, version_id, step_order, name, trigger_rule, message_type, content, freshness_ms)
VALUES ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000002', 1, 'Message',
    '{"type":"immediate"}', 'text', '{"text":"-"}', 21600000);
INSERT INTO assignments (id, protocol_id, version_id, status, created_at, updated_at)
VALUES ('00000000-0000-7000-8000-000000000004', '00000000-0000-7000-8000-000000000001',
    '00000000-0000-7000-8000-000000000002', 'assigned', 0, 0);
