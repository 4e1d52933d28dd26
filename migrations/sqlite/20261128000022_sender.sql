-- Under which name and icon the messages of a plan appear: JSON {"name","iconUrl"}, NULL for the
-- account's own.
ALTER TABLE protocol_versions ADD COLUMN sender TEXT;
ALTER TABLE deliveries ADD COLUMN sender TEXT;

-- Whether a message arrives without a sound.
ALTER TABLE protocol_steps ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
