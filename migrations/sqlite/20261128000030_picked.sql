-- What the picker of a button let the patient choose: its value is what was chosen then.
ALTER TABLE answers ADD COLUMN picked TEXT;
