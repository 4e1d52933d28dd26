-- LINE's ids of messages that were taken back: their words go also where they come later, or
-- where their writer is no patient any more.
CREATE TABLE unsent_messages (
    line_message_id TEXT COLLATE "C" PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX unsent_messages_by_time ON unsent_messages (at);
INSERT INTO unsent_messages (line_message_id, at)
    SELECT line_message_id, unsent_at FROM patient_messages WHERE kind = 'unsent' AND unsent_at IS NOT NULL;
DELETE FROM patient_messages WHERE kind = 'unsent';
INSERT INTO unsent_messages (line_message_id, at)
    SELECT line_message_id, unsent_at FROM stranger_words WHERE kind = 'unsent' AND unsent_at IS NOT NULL
    ON CONFLICT DO NOTHING;
DELETE FROM stranger_words WHERE kind = 'unsent';
