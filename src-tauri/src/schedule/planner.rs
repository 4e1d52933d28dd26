//! Which occurrences of which steps are due. Pure; the only place that knows local time.
