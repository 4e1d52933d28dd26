//! When held messages are looked through for reasons that have ended. Pure.

use crate::clock::{MINUTE_MS, Timestamp};

/// Whether messages were held since the last look: their reason may have ended while that was
/// written. Begins as if there were some, from the last run.
#[derive(Debug)]
pub(crate) struct HeldLately {
    is_any: bool,
    looked_at: Option<Timestamp>,
}

impl Default for HeldLately {
    fn default() -> Self {
        Self { is_any: true, looked_at: None }
    }
}

impl HeldLately {
    pub(crate) const fn note(&mut self) {
        self.is_any = true;
    }

    /// Whether to look at `now`: something was held since the last look, or that is a minute ago, in
    /// which a transaction beside the hold may have ended its reason unseen.
    pub(crate) fn take(&mut self, now: Timestamp) -> bool {
        let is_long_ago = self.looked_at.is_none_or(|at| now.millis_since(at).abs() >= MINUTE_MS);
        let look = std::mem::take(&mut self.is_any) || is_long_ago;
        if look {
            self.looked_at = Some(now);
        }
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_at_the_start_after_each_hold_and_once_a_minute() {
        let (mut held, start) = (HeldLately::default(), Timestamp::from_millis(0));
        assert!(held.take(start));
        assert!(!held.take(start.plus_millis(1_000)));
        held.note();
        assert!(held.take(start.plus_millis(2_000)));
        assert!(!held.take(start.plus_millis(2_000 + MINUTE_MS - 1)));
        assert!(held.take(start.plus_millis(2_000 + MINUTE_MS)));
    }
}
