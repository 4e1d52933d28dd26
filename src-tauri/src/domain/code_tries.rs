//! Wrong codes of slips: an account that guesses is not listened to for a while.

use std::collections::HashMap;

use crate::clock::{HOUR_MS, Timestamp};

/// Wrong codes of one account that are looked up within an hour of the first.
const MAX_TRIES: u32 = 10;

/// Wrong codes of the last hour, by LINE account.
#[derive(Debug, Default)]
pub(crate) struct CodeTries(HashMap<String, Wrong>);

#[derive(Debug)]
struct Wrong {
    since: Timestamp,
    count: u32,
}

impl CodeTries {
    /// Whether a code of this account is still looked up.
    pub(crate) fn are_left(&mut self, line_user_id: &str, now: Timestamp) -> bool {
        self.0.retain(|_, wrong| now.millis_since(wrong.since) < HOUR_MS);
        self.0.get(line_user_id).is_none_or(|wrong| wrong.count < MAX_TRIES)
    }

    pub(crate) fn count_wrong(&mut self, line_user_id: &str, now: Timestamp) {
        self.0.entry(line_user_id.to_owned()).or_insert(Wrong { since: now, count: 0 }).count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_wrong_codes_an_account_waits_an_hour_and_others_do_not() {
        let mut tries = CodeTries::default();
        let now = Timestamp::from_millis(0);
        for _ in 0..MAX_TRIES {
            assert!(tries.are_left("U1", now));
            tries.count_wrong("U1", now);
        }
        assert!(!tries.are_left("U1", now.plus_millis(HOUR_MS - 1)));
        assert!(tries.are_left("U2", now));
        assert!(tries.are_left("U1", now.plus_millis(HOUR_MS)));
    }
}
