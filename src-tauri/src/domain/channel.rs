//! A circuit breaker: whether LINE takes messages of the clinic's channel at the moment.

use super::delivery::Cause;
use crate::clock::{MINUTE_MS, Timestamp};

/// Milliseconds between two probes while the channel is down.
const PROBE_EVERY_MS: i64 = 30_000;

/// Failures in a row that make an outage, over at least [`OUTAGE_AFTER_MS`] or until a message
/// gives up. Fewer or shorter ones are left to each message's retry rule.
const OUTAGE_FAILURES: u32 = 20;
const OUTAGE_AFTER_MS: i64 = MINUTE_MS;

/// The channel's state, from LINE's last answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Channel {
    down: Option<Down>,
    failures: u32,
    failing_since: Option<Timestamp>,
    /// Since when LINE answers that the account may not do this; `None` once it takes a message.
    not_allowed_since: Option<Timestamp>,
    /// Whether it came up and nobody has looked yet at what failed meanwhile.
    came_up: bool,
}

impl Default for Channel {
    /// Up, and counted as having come up: the last run may have ended in an outage.
    fn default() -> Self {
        Self { down: None, failures: 0, failing_since: None, not_allowed_since: None, came_up: true }
    }
}

/// Why and since when the channel is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Down {
    pub(crate) cause: Cause,
    pub(crate) since: Timestamp,
    /// When LINE is tried next.
    pub(crate) probe_at: Timestamp,
    /// Whether one message may go as a probe, and has not gone yet.
    probing: bool,
}

impl Channel {
    /// `None` while it is up.
    pub(crate) const fn down(&self) -> Option<Down> {
        self.down
    }

    /// Admits a message. While the channel is down only the probe may go; see
    /// [`Self::begin_probe`].
    ///
    /// # Errors
    /// Why the channel is down.
    pub(crate) fn admit(&mut self) -> Result<(), Down> {
        match &mut self.down {
            Some(down) if down.probing => {
                down.probing = false;
                Ok(())
            }
            Some(down) => Err(*down),
            None => Ok(()),
        }
    }

    /// Begins a probe where it is time for one: the next message is let through. The time of the
    /// next probe moves on, whatever becomes of this one.
    pub(crate) fn begin_probe(&mut self, now: Timestamp) -> Option<Probe> {
        let down = self.down.as_mut().filter(|down| down.probe_at <= now)?;
        down.probe_at = now.plus_millis(PROBE_EVERY_MS);
        let unused = std::mem::replace(&mut down.probing, true);
        Some(if unused { Probe::Ask(down.cause) } else { Probe::Message(down.cause) })
    }

    /// Notes that LINE answered a message in whatever way. Returns whether this ends an outage.
    pub(crate) fn answered(&mut self) -> bool {
        self.failures = 0;
        self.failing_since = None;
        let ends = self.down.take().is_some();
        self.came_up |= ends;
        ends
    }

    /// Notes that LINE took a message. Returns whether this ends an outage, or a refusal of the
    /// account.
    pub(crate) fn took(&mut self) -> bool {
        let was_refused = self.not_allowed_since.take().is_some();
        self.answered() || was_refused
    }

    /// Notes that LINE answered 403: the account's plan or rights do not allow this. Returns
    /// whether this is news.
    pub(crate) fn not_allowed(&mut self, now: Timestamp) -> bool {
        let news = self.not_allowed_since.is_none();
        self.not_allowed_since.get_or_insert(now);
        self.answered() || news
    }

    /// Takes over the start of such a refusal from the run before.
    pub(crate) const fn was_not_allowed(&mut self, since: Option<Timestamp>) {
        self.not_allowed_since = since;
    }

    /// Since when LINE has allowed this account nothing; `None` while all is well.
    pub(crate) const fn not_allowed_since(&self) -> Option<Timestamp> {
        self.not_allowed_since
    }

    /// Whether the channel came up since this was last asked.
    pub(crate) fn take_came_up(&mut self) -> bool {
        self.down.is_none() && std::mem::take(&mut self.came_up)
    }

    /// Keeps the task of looking at what failed, since it could not be done.
    pub(crate) const fn came_up_again(&mut self) {
        self.came_up = true;
    }

    /// Whether somebody has to look at what failed while it was down.
    pub(crate) const fn has_come_up(&self) -> bool {
        self.down.is_none() && self.came_up
    }

    /// Notes that LINE could not be reached, or failed; `gave_up` says that the message has no more
    /// attempts. Returns whether this begins an outage: by its length, or because a message gives
    /// up, after which nobody might try LINE again.
    pub(crate) fn failed(&mut self, gave_up: bool, now: Timestamp) -> bool {
        let since = *self.failing_since.get_or_insert(now);
        self.failures = self.failures.saturating_add(1);
        let long = gave_up || now.millis_since(since) >= OUTAGE_AFTER_MS;
        self.failures >= OUTAGE_FAILURES && long && self.shut(Cause::LineUnavailable, now)
    }

    /// Lets the next message go as a probe at once, since staff want one sent again.
    pub(crate) const fn let_one_through(&mut self) {
        if let Some(down) = &mut self.down {
            down.probing = true;
        }
    }

    /// Notes that LINE refuses the channel as a whole. Returns whether that is news.
    pub(crate) fn shut(&mut self, cause: Cause, now: Timestamp) -> bool {
        let news = self.down.is_none_or(|d| d.cause != cause);
        let since = self.down.map_or(now, |d| d.since);
        self.down = Some(Down { cause, since, probe_at: now.plus_millis(PROBE_EVERY_MS), probing: false });
        news
    }

    /// Makes the next probe due at once, since staff mended something.
    pub(crate) fn probe_now(&mut self, now: Timestamp) {
        if let Some(down) = &mut self.down {
            down.probe_at = now;
        }
    }
}

/// How to find out whether the channel is up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// The next waiting message goes; where there is none, LINE is asked.
    Message(Cause),
    /// LINE is asked, since the message let through last time never went.
    Ask(Cause),
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
            assert!(!channel.failed(false, at(0)));
        }
        assert!(channel.admit().is_ok());
    }

    #[test]
    fn a_minute_of_nothing_but_failures_is_an_outage_with_a_probe_every_half_minute() {
        let mut channel = Channel::default();
        let begins: Vec<_> = (0..=60).filter(|&s| channel.failed(false, at(s))).collect();
        assert_eq!(begins, [60]);
        let probes: Vec<_> = (61..=180).filter(|&s| channel.begin_probe(at(s)).is_some()).collect();
        assert_eq!(probes, [90, 120, 150, 180]);
    }

    #[test]
    fn a_burst_that_gives_up_is_an_outage_and_a_few_failures_are_none() {
        let mut channel = Channel::default();
        for _ in 0..19 {
            assert!(!channel.failed(true, at(14)));
        }
        assert!(channel.failed(true, at(14)));
    }

    #[test]
    fn a_probe_lets_one_message_through_and_asks_when_none_went() {
        let mut channel = Channel::default();
        channel.shut(Cause::TokenInvalid, at(0));
        assert!(channel.admit().is_err());
        assert_eq!(channel.begin_probe(at(30)), Some(Probe::Message(Cause::TokenInvalid)));
        assert!(channel.admit().is_ok());
        assert!(channel.admit().is_err());
        assert_eq!(channel.begin_probe(at(60)), Some(Probe::Message(Cause::TokenInvalid)));
        assert_eq!(channel.begin_probe(at(90)), Some(Probe::Ask(Cause::TokenInvalid)));
        assert_eq!(channel.begin_probe(at(91)), None);
    }

    #[test]
    fn one_answer_ends_it() {
        let mut channel = Channel::default();
        assert!(channel.shut(Cause::TokenInvalid, at(0)));
        assert!(channel.admit().is_err());
        assert!(channel.answered());
        assert!(channel.admit().is_ok());
        assert!(!channel.answered());
    }
}
