-- When LINE itself said that it would take every message of a version; NULL where it could not
-- be asked.
ALTER TABLE protocol_versions ADD COLUMN line_checked_at BIGINT;
