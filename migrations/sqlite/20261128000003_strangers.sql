-- Whoever writes to the clinic and is nobody's LINE account: kept until somebody says who they
-- are, then their words become the patient's.
CREATE TABLE strangers (
    id TEXT PRIMARY KEY NOT NULL,
    line_user_id TEXT NOT NULL UNIQUE,
    -- LINE's name and language of them; NULL until LINE was asked, or where it does not tell.
    display_name TEXT,
    locale TEXT,
    asked_at BIGINT,
    -- When they were last told how to be linked.
    answered_at BIGINT,
    urgent INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    -- When they last said something.
    updated_at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolved_by TEXT,
    -- The urgent sort as if they came after everything else, as on the worklist.
    rank BIGINT GENERATED ALWAYS AS (updated_at + urgent * 100000000000000) VIRTUAL
);
CREATE INDEX strangers_by_rank ON strangers (rank, id) WHERE resolved_at IS NULL;
CREATE INDEX strangers_settled_by_rank ON strangers (rank, id) WHERE resolved_at IS NOT NULL;
CREATE INDEX strangers_forgettable ON strangers (updated_at);
CREATE INDEX strangers_unasked ON strangers (id) WHERE asked_at IS NULL;

CREATE TABLE stranger_words (
    id TEXT PRIMARY KEY NOT NULL,
    stranger_id TEXT NOT NULL REFERENCES strangers (id) ON DELETE CASCADE,
    line_message_id TEXT NOT NULL UNIQUE,
    -- As in patient_messages.
    kind TEXT NOT NULL,
    text TEXT,
    data TEXT,
    params TEXT,
    said_at BIGINT NOT NULL,
    unsent_at BIGINT
);
CREATE INDEX stranger_words_by_stranger ON stranger_words (stranger_id, said_at, id);
