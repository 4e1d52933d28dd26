-- What staff know of a patient beside the name: how it is read (kana), a telephone number as it
-- was written, the day of birth (ISO 8601), and who noted that they agreed to get messages.
ALTER TABLE patients ADD COLUMN reading TEXT COLLATE "C";
ALTER TABLE patients ADD COLUMN phone TEXT COLLATE "C";
ALTER TABLE patients ADD COLUMN birth_date TEXT COLLATE "C";
ALTER TABLE patients ADD COLUMN consented_by TEXT COLLATE "C";
