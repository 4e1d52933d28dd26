-- What stood on the button of the clinic's menu that a stranger pressed, and whether words or a press
-- alarmed: once they are linked, staff read of each what it was.
ALTER TABLE stranger_words ADD COLUMN label TEXT COLLATE "C";
ALTER TABLE stranger_words ADD COLUMN alarms BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE stranger_words SET alarms = TRUE WHERE kind = 'postback' AND data = 'cm1 worse';
