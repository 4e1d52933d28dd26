-- What a message type or a reason of the worklist may be is said by domain/message.rs and
-- domain/work.rs alone; a CHECK beside them made each new one a migration for two engines.
-- SQLite drops a CHECK with its column only. Notes refer to the worklist, so no table is copied
-- (the end of the old one would take them off their lines): the column is made anew.

ALTER TABLE protocol_steps ADD COLUMN type_unlisted TEXT NOT NULL DEFAULT '';
UPDATE protocol_steps SET type_unlisted = message_type;
ALTER TABLE protocol_steps DROP COLUMN message_type;
ALTER TABLE protocol_steps RENAME COLUMN type_unlisted TO message_type;

-- What stands on the column goes before it and comes back after it.
DROP INDEX worklist_by_reason;
DROP INDEX worklist_settled_by_reason;
ALTER TABLE worklist DROP COLUMN listed_reason;
ALTER TABLE worklist ADD COLUMN reason_unlisted TEXT NOT NULL DEFAULT '';
UPDATE worklist SET reason_unlisted = reason;
ALTER TABLE worklist DROP COLUMN reason;
ALTER TABLE worklist RENAME COLUMN reason_unlisted TO reason;
ALTER TABLE worklist ADD COLUMN listed_reason TEXT GENERATED ALWAYS AS (reason) VIRTUAL;
CREATE INDEX worklist_by_reason ON worklist (listed_reason, rank, id) WHERE resolved_at IS NULL;
CREATE INDEX worklist_settled_by_reason ON worklist (listed_reason, rank, id) WHERE resolved_at IS NOT NULL;
