-- Under which name and icon the messages of a plan appear: JSON {"name","iconUrl"}, NULL for the
-- account's own.
ALTER TABLE protocol_versions ADD COLUMN sender TEXT COLLATE "C";
ALTER TABLE deliveries ADD COLUMN sender TEXT COLLATE "C";

-- Whether a message arrives without a sound.
ALTER TABLE protocol_steps ADD COLUMN silent BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE deliveries ADD COLUMN silent BOOLEAN NOT NULL DEFAULT FALSE;
