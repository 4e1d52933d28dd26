-- The state and the end of freshness in which staff last had a message sent again; NULL where they
-- did not. Taking the retry back restores both, and the gate lets such a message of a completed
-- follow-up go.
ALTER TABLE deliveries ADD COLUMN retried_from TEXT;
ALTER TABLE deliveries ADD COLUMN retried_expires_at INTEGER;
