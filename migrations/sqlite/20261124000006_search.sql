-- Finding patients by any part of a name in any script. What is searched is written by
-- store/search.rs: folded, and taken apart into pieces of up to three characters that the
-- tokenizer leaves as they are. A row without its text is taken in at the next start.
ALTER TABLE patients ADD COLUMN search_text TEXT;
ALTER TABLE patients ADD COLUMN search_key BIGINT;
CREATE UNIQUE INDEX patients_by_search_key ON patients (search_key) WHERE search_key IS NOT NULL;
CREATE INDEX patients_unsearched ON patients (id) WHERE search_text IS NULL;
CREATE VIRTUAL TABLE patient_search USING fts5 (
    name, ref, line, content = '', contentless_delete = 1, prefix = '1 2',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
);
CREATE TRIGGER patients_unsearch AFTER DELETE ON patients WHEN OLD.search_key IS NOT NULL
BEGIN
    DELETE FROM patient_search WHERE rowid = OLD.search_key;
END;
