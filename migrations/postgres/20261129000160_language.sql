-- The language a message of a plan was chosen in; NULL where it is written for one patient.
ALTER TABLE deliveries ADD COLUMN language TEXT COLLATE "C";
