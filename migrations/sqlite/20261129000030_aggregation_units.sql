-- Under which name LINE counts who opened the messages of a plan in a month, and what it said: NULL
-- in `opened` where it tells no number, in `asked_at` before it was asked.
CREATE TABLE aggregation_units (
    protocol_id TEXT NOT NULL REFERENCES protocols (id) ON DELETE CASCADE,
    -- Of LINE's, which is Japan's: 2026-11.
    month TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    opened BIGINT,
    asked_at BIGINT,
    -- Why LINE gave no answer then.
    refused TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (protocol_id, month)
);
CREATE INDEX aggregation_units_by_month ON aggregation_units (month);

-- Under which of them a message goes.
ALTER TABLE deliveries ADD COLUMN unit TEXT;
