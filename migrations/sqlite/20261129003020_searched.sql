-- How a name is read, telephone numbers, kana and forms of a character are searched as well:
-- everybody is taken in anew at the next start.
UPDATE patients SET search_text = NULL WHERE search_text IS NOT NULL;
-- Where a patient is looked for: one of the groups that a list is narrowed to.
ALTER TABLE patients ADD COLUMN listed_group TEXT GENERATED ALWAYS AS (
    CASE WHEN erased <> 0 THEN NULL
        WHEN status = 'archived' THEN 'archived'
        WHEN line_user_id IS NULL OR reachability = 'unlinked' THEN 'not_linked'
        WHEN reachability = 'blocked' THEN 'blocked'
        ELSE 'linked' END
) VIRTUAL;
CREATE INDEX patients_by_group ON patients (listed_group, created_at, id);
