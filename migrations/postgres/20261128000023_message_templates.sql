-- Messages that staff keep to write others from; what was made of one does not hang on it.
CREATE TABLE message_templates (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    -- The language it is written in; NULL where that does not matter.
    locale TEXT COLLATE "C",
    message_type TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    further_messages TEXT COLLATE "C",
    archived BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX message_templates_by_time ON message_templates (archived, created_at, id);
