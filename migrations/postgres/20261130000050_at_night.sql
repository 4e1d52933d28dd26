-- What quiet hours make of a step's message: wait, silently or send; NULL for what the clinic says.
ALTER TABLE protocol_steps ADD COLUMN at_night TEXT COLLATE "C";
ALTER TABLE deliveries ADD COLUMN at_night TEXT COLLATE "C";
