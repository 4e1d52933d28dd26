-- In which order patients are listed by name: written by store/search.rs with what is searched, so
-- everybody is taken in anew at the next start.
ALTER TABLE patients ADD COLUMN sort_name TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE patients SET search_text = NULL WHERE search_text IS NOT NULL;
CREATE INDEX patients_by_sort_name ON patients (sort_name, id);
-- Which labels there are.
CREATE INDEX patients_labelled ON patients (tags) WHERE tags <> '[]';
