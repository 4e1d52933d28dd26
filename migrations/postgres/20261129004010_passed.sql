-- [[step order, key of the occurrence], …] of what is planned no more: skipped, sent at another
-- time, or sent before the start was moved.
ALTER TABLE assignments ADD COLUMN passed TEXT COLLATE "C" NOT NULL DEFAULT '[]';
