//! Decides what follows from an attempt. Pure.

use crate::{
    clock::{MINUTE_MS, Timestamp},
    domain::delivery::{Cause, State},
    line::PushOutcome,
};

/// When a failed attempt is followed by another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RetryRule {
    /// Milliseconds before each retry: by default 2,000, 4,000, 8,000 (the ordered rule: the
    /// first try and three retries).
    pub(crate) delays_ms: Vec<i64>,
    /// The share by which a retry may miss its time: 0.2 is ± 20 %.
    pub(crate) jitter: f64,
}

/// Milliseconds for which nothing goes to a patient whom LINE says got too many messages. LINE
/// names no time; seconds are too short.
const PATIENT_PUT_OFF_MS: i64 = 5 * MINUTE_MS;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Sent,
    Retry(Timestamp, Cause),
    /// It waits for the channel; the attempt does not count.
    Hold(Cause),
    Fail(Cause),
}

impl Next {
    pub(crate) const fn state(&self) -> State {
        match self {
            Self::Sent => State::Sent,
            Self::Retry(..) => State::Retrying,
            Self::Hold(_) => State::Held,
            Self::Fail(_) => State::Failed,
        }
    }
}

/// Decides what follows from `result`, where `tried` attempts of this round came before and
/// `dice` in `0.0..1.0` places the jitter.
///
/// With delays of 2, 4 and 8 s the first failure is followed after 2 s (1.6 to 2.4), the
/// second after 4 s, the third after 8 s; the fourth fails. A `Retry-After` of LINE moves a
/// retry back, never forward.
pub(crate) fn outcome(
    result: &PushOutcome,
    tried: usize,
    rule: &RetryRule,
    dice: f64,
    now: Timestamp,
) -> Next {
    let again = |cause: Cause, not_before_ms: Option<i64>| match rule.delays_ms.get(tried) {
        Some(&delay) => {
            let patience = if cause == Cause::PatientRateLimited { PATIENT_PUT_OFF_MS } else { 0 };
            let delay = jittered(delay, rule.jitter, dice).max(not_before_ms.unwrap_or(0)).max(patience);
            Next::Retry(now.plus_millis(delay), cause)
        }
        None => Next::Fail(cause),
    };
    match result {
        PushOutcome::Accepted { .. } => Next::Sent,
        PushOutcome::Retry { cause, not_before_ms, .. } => again(*cause, *not_before_ms),
        PushOutcome::Unknown => again(Cause::OutcomeUnknown, None),
        PushOutcome::Refused { cause, .. } => Next::Fail(*cause),
        PushOutcome::ChannelDown { cause, .. } => Next::Hold(*cause),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "an hour of milliseconds")]
fn jittered(delay_ms: i64, jitter: f64, dice: f64) -> i64 {
    (delay_ms as f64 * (1.0 + jitter * (2.0 * dice - 1.0))) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::LineAnswer;

    const NOW: Timestamp = Timestamp::from_millis(0);

    fn rule() -> RetryRule {
        RetryRule { delays_ms: vec![2_000, 4_000, 8_000], jitter: 0.2 }
    }

    fn lost() -> PushOutcome {
        PushOutcome::Unknown
    }

    #[test]
    fn the_first_try_is_followed_by_three_retries_then_it_fails() {
        let waits: Vec<_> = (0..4)
            .map(|tried| match outcome(&lost(), tried, &rule(), 0.5, NOW) {
                Next::Retry(at, _) => Some(at.as_millis()),
                _ => None,
            })
            .collect();
        assert_eq!(waits, [Some(2_000), Some(4_000), Some(8_000), None]);
    }

    #[test]
    fn jitter_stays_within_its_bounds() {
        for dice in [0.0, 0.25, 0.999] {
            let Next::Retry(at, _) = outcome(&lost(), 0, &rule(), dice, NOW) else { panic!("a retry") };
            assert!((1_600..=2_400).contains(&at.as_millis()), "{at}");
        }
    }

    #[test]
    fn a_retry_after_is_honoured() {
        let busy = PushOutcome::Retry {
            cause: Cause::RateLimited,
            not_before_ms: Some(30_000),
            answer: LineAnswer::default(),
        };
        let next = outcome(&busy, 0, &rule(), 0.5, NOW);
        assert_eq!(next, Next::Retry(Timestamp::from_millis(30_000), Cause::RateLimited));
    }

    #[test]
    fn a_patient_who_got_too_many_messages_is_left_alone_for_minutes() {
        let cause = Cause::PatientRateLimited;
        let busy = PushOutcome::Retry { cause, not_before_ms: None, answer: LineAnswer::default() };
        let next = outcome(&busy, 0, &rule(), 0.5, NOW);
        assert_eq!(next, Next::Retry(Timestamp::from_millis(PATIENT_PUT_OFF_MS), cause));
    }

    #[test]
    fn a_refusal_is_not_tried_again() {
        let refused = PushOutcome::Refused { cause: Cause::MessageInvalid, answer: LineAnswer::default() };
        assert_eq!(outcome(&refused, 0, &rule(), 0.5, NOW), Next::Fail(Cause::MessageInvalid));
    }
}
