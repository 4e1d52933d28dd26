-- With which LINE lets a message be quoted, and be marked as read; and when it was marked.
ALTER TABLE patient_messages ADD COLUMN quote_token TEXT;
ALTER TABLE patient_messages ADD COLUMN read_token TEXT;
ALTER TABLE patient_messages ADD COLUMN read_at BIGINT;
CREATE INDEX patient_messages_unread ON patient_messages (patient_id, said_at, id)
    WHERE read_token IS NOT NULL AND read_at IS NULL;
