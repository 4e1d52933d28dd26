// What an address may choose among, where the core has no list of it.

/** The parts of the screen of people who need someone. */
export const PEOPLE_PARTS = ["people", "unknown", "failed", "waiting", "messages"] as const;

/** Days up to today that statistics count. */
export const DAY_PRESETS = ["7", "30", "90", "365"] as const;

/** What the hours of the week show. */
export const HOUR_KINDS = ["sent", "answered", "failed"] as const;
