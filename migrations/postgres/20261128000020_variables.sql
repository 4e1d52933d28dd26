-- What a patient is called, for messages to them.
ALTER TABLE patients ADD COLUMN nickname TEXT COLLATE "C";
