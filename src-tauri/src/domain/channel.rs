//! Whether LINE takes messages of the clinic's channel at the moment: a circuit breaker.

use super::delivery::Cause;
use crate::clock::Timestamp;

/// While the channel is down, one message is let through this often to see.
pub const PROBE_EVERY_MS: i64 = 30_000;

/// A used-up quota changes by the month or by a purchase; asking often costs nothing but
/// noise.
const QUOTA_PROBE_EVERY_MS: i64 = 10 * 60_000;

/// This many failures in a row, over at least [`OUTAGE_AFTER_MS`], are an outage. Fewer or
/// shorter ones are left to the retry rule of each message.
const OUTAGE_FAILURES: u32 = 20;
const OUTAGE_AFTER_MS: i64 = 60_000;

/// What the last answers tell about the channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channel {
    down: Option<Down>,
    failures: u32,
    failing_since: Option<Timestamp>,
}

/// Why and since when the channel is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Down {
    /// Why.
    pub cause: Cause,
    /// Since when.
    pub since: Timestamp,
    /// When the next message is let through to see.
    pub probe_at: Timestamp,
}

impl Channel {
    /// Why the channel is down, or `None` while it is up.
    pub const fn down(&self) -> Option<Down> {
        self.down
    }

    /// Whether a message may go now. While the channel is down, one may every
    /// [`PROBE_EVERY_MS`]; the others get the instant and the reason to wait for.
    ///
    /// # Errors
    /// When to ask again, and why not now.
    pub fn admit(&mut self, now: Timestamp) -> Result<(), Down> {
        match &mut self.down {
            Some(down) if now < down.probe_at => Err(*down),
            Some(down) => {
                down.probe_at = now.plus_millis(probe_every(down.cause));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// LINE answered a message, whatever it thought of it. Returns whether this ends an
    /// outage.
    pub fn answered(&mut self) -> bool {
        self.failures = 0;
        self.failing_since = None;
        self.down.take().is_some()
    }

    /// LINE could not be reached, or failed. Returns whether this begins an outage.
    pub fn failed(&mut self, now: Timestamp) -> bool {
        let since = *self.failing_since.get_or_insert(now);
        self.failures = self.failures.saturating_add(1);
        let outage = self.failures >= OUTAGE_FAILURES && now.millis_since(since) >= OUTAGE_AFTER_MS;
        outage && self.shut(Cause::LineUnavailable, now)
    }

    /// LINE refuses the channel as a whole. Returns whether that is news.
    pub fn shut(&mut self, cause: Cause, now: Timestamp) -> bool {
        let news = self.down.is_none_or(|d| d.cause != cause);
        let since = self.down.map_or(now, |d| d.since);
        self.down = Some(Down { cause, since, probe_at: now.plus_millis(probe_every(cause)) });
        news
    }

    /// Staff mended something: the next message is let through at once.
    pub fn probe_now(&mut self, now: Timestamp) {
        if let Some(down) = &mut self.down {
            down.probe_at = now;
        }
    }
}

const fn probe_every(cause: Cause) -> i64 {
    match cause {
        Cause::QuotaExhausted => QUOTA_PROBE_EVERY_MS,
        _ => PROBE_EVERY_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(s: i64) -> Timestamp {
        Timestamp::from_millis(s * 1000)
    }

    #[test]
    fn a_short_burst_of_failures_is_no_outage() {
        let mut channel = Channel::default();
        for _ in 0..100 {
            assert!(!channel.failed(at(0)));
        }
        assert!(channel.admit(at(1)).is_ok());
    }

    #[test]
    fn a_minute_of_nothing_but_failures_is_an_outage_with_a_probe_every_half_minute() {
        let mut channel = Channel::default();
        let begins: Vec<_> = (0..=60).filter(|&s| channel.failed(at(s))).collect();
        assert_eq!(begins, [60]);
        let let_through: Vec<_> = (61..=180).filter(|&s| channel.admit(at(s)).is_ok()).collect();
        assert_eq!(let_through, [90, 120, 150, 180]);
    }

    #[test]
    fn one_answer_ends_it() {
        let mut channel = Channel::default();
        assert!(channel.shut(Cause::TokenInvalid, at(0)));
        assert!(channel.admit(at(1)).is_err());
        assert!(channel.answered());
        assert!(channel.admit(at(2)).is_ok());
        assert!(!channel.answered());
    }
}
