-- With what the words of a stranger can be marked as read, and when they were.
ALTER TABLE stranger_words ADD COLUMN read_token TEXT COLLATE "C";
ALTER TABLE stranger_words ADD COLUMN read_at BIGINT;
