-- When the patient first watched the video of a message to its end, by LINE's clock.
ALTER TABLE deliveries ADD COLUMN watched_at BIGINT;
