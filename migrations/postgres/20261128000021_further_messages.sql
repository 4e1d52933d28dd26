-- The message objects that follow the first one in the same push: a JSON list of
-- {"messageType","content"}, at most four; NULL where there are none.
ALTER TABLE protocol_steps ADD COLUMN further_messages TEXT COLLATE "C";
ALTER TABLE deliveries ADD COLUMN further_messages TEXT COLLATE "C";
ALTER TABLE recurrences ADD COLUMN further_messages TEXT COLLATE "C";
