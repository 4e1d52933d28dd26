-- From when on staff see that LINE did not take the answer with whom to call in an emergency;
-- NULL where it did, or where none was due.
ALTER TABLE worklist ADD COLUMN untold_from BIGINT;
ALTER TABLE strangers ADD COLUMN untold_from BIGINT;
