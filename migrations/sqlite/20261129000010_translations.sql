-- What a step says to those who are written to in another language: JSON by the tag of the language
-- (en, th, ja, zh-TW), NULL where it has one text for all.
ALTER TABLE protocol_steps ADD COLUMN translations TEXT;
