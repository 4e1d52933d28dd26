-- A cookie goes to every port of the machine: a session is good only together with the
-- secret of its page. Sessions from before have none and are over.
DELETE FROM sessions;
ALTER TABLE sessions ADD COLUMN page_hash TEXT NOT NULL DEFAULT '';
-- The token a session began with; NULL where it began with the sign-in link.
ALTER TABLE sessions ADD COLUMN token_id TEXT REFERENCES api_tokens (id);
