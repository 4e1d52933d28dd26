-- Pictures and videos that staff upload, to be shown in messages. The bytes lie in files of the
-- folder `uploads` under random names.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    -- By its bytes: image/jpeg, image/png or video/mp4.
    media_type TEXT NOT NULL,
    -- The part of its address that nobody can guess.
    token TEXT NOT NULL UNIQUE,
    -- As staff call it.
    file_name TEXT,
    -- The names of its file and of that of the small picture.
    stored_as TEXT NOT NULL UNIQUE,
    preview_as TEXT NOT NULL UNIQUE,
    -- Pixels; NULL of a video.
    width BIGINT,
    height BIGINT,
    -- Bytes.
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When something was first written with it; what never is goes after a day.
    used_at BIGINT
);
CREATE INDEX uploads_by_time ON uploads (created_at, id);
CREATE INDEX uploads_unused ON uploads (created_at) WHERE used_at IS NULL;
