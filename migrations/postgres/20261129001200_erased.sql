-- Whether the row stands for a patient whose data were deleted: it has no data of anybody, and
-- keeps what was sent countable.
ALTER TABLE patients ADD COLUMN erased BOOLEAN NOT NULL DEFAULT FALSE;
