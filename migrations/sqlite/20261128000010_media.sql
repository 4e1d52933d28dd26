-- Pictures, videos, sounds and files of patients and strangers. The bytes lie in files of the
-- folder `media` under random names, fetched from LINE beside the work on events.
CREATE TABLE media (
    id TEXT PRIMARY KEY NOT NULL,
    -- LINE's id of the message it came with: of a row of patient_messages or stranger_words.
    line_message_id TEXT NOT NULL UNIQUE,
    -- LINE's type: image, video, audio or file.
    kind TEXT NOT NULL,
    -- As the patient called it; only of a file.
    file_name TEXT,
    -- Bytes: as LINE tells of a file, then as they were stored.
    size BIGINT,
    -- By its first bytes, not by what anybody says of it; NULL where it is of no known type.
    media_type TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_attempt_at BIGINT NOT NULL,
    -- The name of its file; stays after the state is 'gone' until the file is deleted.
    stored_as TEXT,
    created_at BIGINT NOT NULL,
    stored_at BIGINT
);
CREATE INDEX media_pending ON media (next_attempt_at, id) WHERE state = 'pending';
CREATE INDEX media_stored ON media (created_at, id) WHERE state = 'stored';
CREATE INDEX media_discarded ON media (id) WHERE state = 'gone' AND (stored_as IS NOT NULL OR reason = 'erased');
CREATE UNIQUE INDEX media_by_file ON media (stored_as) WHERE stored_as IS NOT NULL;

-- What came with it: a place, a sticker, the address of a picture that lies elsewhere. JSON.
ALTER TABLE patient_messages ADD COLUMN details TEXT;
ALTER TABLE stranger_words ADD COLUMN details TEXT;
