-- A flag is compared with TRUE, as PostgreSQL wants it. SQLite takes a partial index only for
-- the very words it was made with.
DROP INDEX patients_demo;
CREATE INDEX patients_demo ON patients (id) WHERE demo = TRUE;
DROP INDEX recurrences_active;
CREATE INDEX recurrences_active ON recurrences (active) WHERE active = TRUE;
DROP INDEX answers_counted;
CREATE UNIQUE INDEX answers_counted ON answers (delivery_id) WHERE counted = TRUE;
DROP INDEX webhook_events_redelivered;
CREATE INDEX webhook_events_redelivered ON webhook_events (id) WHERE redelivered = TRUE;
