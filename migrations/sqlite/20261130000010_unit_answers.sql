-- That LINE could not be asked about a unit stood as an empty text in `refused`, which is for LINE's
-- own words.
ALTER TABLE aggregation_units ADD COLUMN was_reached BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE aggregation_units SET was_reached = FALSE, refused = NULL WHERE refused = '';
