-- Messages that staff keep to write others from; what was made of one does not hang on it.
CREATE TABLE message_templates (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    -- The language it is written in; NULL where that does not matter.
    locale TEXT,
    message_type TEXT NOT NULL,
    content TEXT NOT NULL,
    further_messages TEXT,
    archived INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX message_templates_by_time ON message_templates (archived, created_at, id);
