-- Whoever writes to the clinic and is nobody's LINE account: kept until somebody says who they
-- are, then their words become the patient's.
CREATE TABLE strangers (
    id TEXT COLLATE "C" PRIMARY KEY,
    line_user_id TEXT COLLATE "C" NOT NULL UNIQUE,
    -- LINE's name and language of them; NULL until LINE was asked, or where it does not tell.
    display_name TEXT COLLATE "C",
    locale TEXT COLLATE "C",
    asked_at BIGINT,
    -- When they were last told how to be linked.
    answered_at BIGINT,
    urgent BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    -- When they last said something.
    updated_at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolved_by TEXT COLLATE "C",
    -- The urgent sort as if they came after everything else, as on the worklist.
    rank BIGINT GENERATED ALWAYS AS (updated_at + CASE WHEN urgent THEN 100000000000000 ELSE 0 END) STORED
);
CREATE INDEX strangers_by_rank ON strangers (rank, id) WHERE resolved_at IS NULL;
CREATE INDEX strangers_settled_by_rank ON strangers (rank, id) WHERE resolved_at IS NOT NULL;
CREATE INDEX strangers_forgettable ON strangers (updated_at);
CREATE INDEX strangers_unasked ON strangers (id) WHERE asked_at IS NULL;

CREATE TABLE stranger_words (
    id TEXT COLLATE "C" PRIMARY KEY,
    stranger_id TEXT COLLATE "C" NOT NULL REFERENCES strangers (id) ON DELETE CASCADE,
    line_message_id TEXT COLLATE "C" NOT NULL UNIQUE,
    -- As in patient_messages.
    kind TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C",
    data TEXT COLLATE "C",
    params TEXT COLLATE "C",
    said_at BIGINT NOT NULL,
    unsent_at BIGINT
);
CREATE INDEX stranger_words_by_stranger ON stranger_words (stranger_id, said_at, id);
