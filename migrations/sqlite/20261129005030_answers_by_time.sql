-- What was answered last.
CREATE INDEX answers_by_time ON answers (answered_at, id) WHERE counted = TRUE;
