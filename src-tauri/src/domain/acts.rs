//! What staff can do with a message.

use super::{
    assignment,
    delivery::{Cause, State, can_help},
    named_enum,
};
use crate::clock::Timestamp;

named_enum! {
    /// What staff can do with a message.
    #[serde(rename = "MessageAction")]
    Action {
        /// Send it once more as it is, under its own key.
        Retry = "retry",
        /// Send it at another time, or now.
        Move = "move",
        /// Hold it back until a person releases it.
        Hold = "hold",
        /// Let it go again, at its time or at once.
        Release = "release",
        /// Cancel it: it is never sent.
        Cancel = "cancel",
    }
}

/// A message, as far as it decides what staff can do with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActedOn {
    pub(crate) state: State,
    /// Why it failed or waits; `None` for neither.
    pub(crate) cause: Option<Cause>,
    /// When LINE may first have taken it; `None` while it surely has not.
    pub(crate) maybe_sent_at: Option<Timestamp>,
    /// Whether it is one time of a repetition.
    pub(crate) repeats: bool,
    /// The status of its follow-up; `None` for a one-off message.
    pub(crate) follow_up: Option<assignment::Status>,
}

impl ActedOn {
    pub(crate) fn actions(self, now: Timestamp) -> Vec<Action> {
        Action::ALL.iter().copied().filter(|&action| self.takes(action, now)).collect()
    }

    /// Whether it takes an action: sending again where that can help and reaches nobody twice, moving
    /// while its time has not come or while staff hold it back, holding back while it is to go by
    /// itself, and cancelling until it is sent. One time of a repetition is neither moved nor held
    /// back: its time is the repetition's.
    pub(crate) fn takes(self, action: Action, now: Timestamp) -> bool {
        let Self { state, cause, maybe_sent_at, repeats, follow_up } = self;
        let is_held_back = state == State::Held && cause == Some(Cause::HeldByStaff);
        match action {
            Action::Retry => {
                State::ATTENTION.contains(&state)
                    && can_help(cause, maybe_sent_at, now)
                    && follow_up.is_none_or(assignment::Status::takes_retries)
            }
            // What LINE may have keeps its bytes and its end of freshness.
            Action::Move => {
                (state == State::Scheduled || is_held_back) && maybe_sent_at.is_none() && !repeats
            }
            Action::Hold => State::OPEN.contains(&state) && !is_held_back && !repeats,
            Action::Release => is_held_back,
            Action::Cancel => State::CANCELLABLE.contains(&state),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::HOUR_MS, domain::delivery::KEY_LIFE_MS};

    const NOW: Timestamp = Timestamp::from_millis(100 * HOUR_MS);

    const fn message(state: State, cause: Option<Cause>) -> ActedOn {
        ActedOn { state, cause, maybe_sent_at: None, repeats: false, follow_up: None }
    }

    #[test]
    fn a_message_that_was_sent_or_cancelled_is_left_alone() {
        for state in [State::Sent, State::Cancelled] {
            assert_eq!(message(state, None).actions(NOW), []);
        }
    }

    #[test]
    fn what_waits_can_be_cancelled_and_what_failed_be_tried_again_as_well() {
        let held = message(State::Held, Some(Cause::SendingPaused));
        assert_eq!(held.actions(NOW), [Action::Hold, Action::Cancel]);
        let back = message(State::Held, Some(Cause::HeldByStaff));
        assert_eq!(back.actions(NOW), [Action::Move, Action::Release, Action::Cancel]);
        let perhaps_sent = ActedOn { maybe_sent_at: Some(NOW), ..back };
        assert_eq!(perhaps_sent.actions(NOW), [Action::Release, Action::Cancel]);
        let failed = message(State::Failed, Some(Cause::LineUnavailable));
        assert_eq!(failed.actions(NOW), [Action::Retry, Action::Cancel]);
    }

    #[test]
    fn a_retry_is_offered_where_it_can_help_and_reaches_nobody_twice() {
        let invalid = message(State::Failed, Some(Cause::MessageInvalid));
        assert_eq!(invalid.actions(NOW), [Action::Cancel]);
        let long_ago = Some(NOW.plus_millis(-KEY_LIFE_MS - 1));
        let unknown =
            ActedOn { maybe_sent_at: long_ago, ..message(State::Review, Some(Cause::OutcomeUnknown)) };
        assert_eq!(unknown.actions(NOW), [Action::Cancel]);
    }

    #[test]
    fn a_retry_is_offered_of_a_follow_up_that_is_completed_and_of_none_that_was_cancelled() {
        for &status in assignment::Status::ALL {
            let failed = message(State::Failed, Some(Cause::QuotaExhausted));
            let failed = ActedOn { follow_up: Some(status), ..failed };
            let is_offered = failed.actions(NOW).contains(&Action::Retry);
            assert_eq!(is_offered, status != assignment::Status::Cancelled, "{status}");
        }
    }

    #[test]
    fn only_what_waits_for_its_own_time_is_moved_and_nothing_that_repeats() {
        let scheduled = message(State::Scheduled, None);
        assert_eq!(scheduled.actions(NOW), [Action::Move, Action::Hold, Action::Cancel]);
        let repeating = ActedOn { repeats: true, ..scheduled };
        assert_eq!(repeating.actions(NOW), [Action::Cancel]);
        let movable = |state: &State| message(*state, None).takes(Action::Move, NOW);
        assert_eq!(State::ALL.iter().copied().filter(movable).collect::<Vec<_>>(), [State::Scheduled]);
    }
}
