-- Words of somebody unknown can be quoted once they are a patient's.
ALTER TABLE stranger_words ADD COLUMN quote_token TEXT COLLATE "C";

-- No plan says who sees to the buttons of a one-off message: staff who sent it wait for them.
UPDATE protocol_steps SET press_calls_staff = TRUE WHERE id = '00000000-0000-7000-8000-000000000003';
