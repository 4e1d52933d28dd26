//! A protocol version assigned to a patient, and the state machine of its life.

use serde::{Deserialize, Serialize};

use super::named_enum;
use crate::clock::Timestamp;

named_enum! {
    /// The state of an assignment.
    ///
    /// ```text
    /// assigned --start--> active --pause--> paused --resume--> active
    /// active | paused --complete--> completed
    /// assigned | active | paused --cancel--> cancelled
    /// ```
    #[serde(rename = "AssignmentStatus")]
    Status {
        /// Made, not started: nothing is planned.
        Assigned = "assigned",
        /// Its steps are planned and sent.
        Active = "active",
        /// Frozen: nothing is planned or sent.
        Paused = "paused",
        /// Over: every message came, or staff closed it.
        Completed = "completed",
        /// Over: staff stopped it, and its waiting messages were cancelled.
        Cancelled = "cancelled",
    }
}

/// A pause that has ended, stored as the pair of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Timestamp, Timestamp)", into = "(Timestamp, Timestamp)")]
pub(crate) struct Pause {
    pub(crate) from: Timestamp,
    /// The end, not included.
    pub(crate) to: Timestamp,
}

impl Pause {
    pub(crate) fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

impl From<(Timestamp, Timestamp)> for Pause {
    fn from((from, to): (Timestamp, Timestamp)) -> Self {
        Self { from, to }
    }
}

impl From<Pause> for (Timestamp, Timestamp) {
    fn from(pause: Pause) -> Self {
        (pause.from, pause.to)
    }
}

/// An occurrence of a step that is planned no more; stored as a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, i64)", into = "(i64, i64)")]
pub(crate) struct Passed {
    pub(crate) step_order: i64,
    /// 0 where the step comes once, else the local time as YYYYMMDDHHMM.
    pub(crate) occurrence: i64,
}

impl From<(i64, i64)> for Passed {
    fn from((step_order, occurrence): (i64, i64)) -> Self {
        Self { step_order, occurrence }
    }
}

impl From<Passed> for (i64, i64) {
    fn from(passed: Passed) -> Self {
        (passed.step_order, passed.occurrence)
    }
}

named_enum! {
    /// What staff can do with an assignment.
    #[serde(rename = "AssignmentAction")]
    Action {
        /// Begin; the clock of its delays starts here.
        Start = "start",
        /// Hold all messages until it is resumed.
        Pause = "pause",
        /// Continue: delays move by the paused time, missed times of day are skipped.
        Resume = "resume",
        /// End it as done; waiting messages are cancelled.
        Complete = "complete",
        /// End it for good; waiting messages are cancelled.
        Cancel = "cancel",
    }
}

// The store has these lists as text (store/fragments.rs); a test compares them.
impl Status {
    /// Assignments that are not over.
    #[cfg(any(test, feature = "desktop"))]
    pub(crate) const ONGOING: &[Self] = &[Self::Assigned, Self::Active, Self::Paused];
    /// Assignments that have begun and are not over.
    #[cfg(test)]
    pub(crate) const STARTED: &[Self] = &[Self::Active, Self::Paused];
}

impl Status {
    /// `None` where the action is not allowed now.
    pub(crate) const fn after(self, action: Action) -> Option<Self> {
        match (self, action) {
            (Self::Assigned, Action::Start) | (Self::Paused, Action::Resume) => Some(Self::Active),
            (Self::Active, Action::Pause) => Some(Self::Paused),
            (Self::Active | Self::Paused, Action::Complete) => Some(Self::Completed),
            (Self::Assigned | Self::Active | Self::Paused, Action::Cancel) => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// In the order of `Action::ALL`.
    pub(crate) fn actions(self) -> Vec<Action> {
        Action::ALL.iter().copied().filter(|&action| self.after(action).is_some()).collect()
    }

    /// Whether steps are ahead, which staff may leave out, move or hold back, one by one or all of
    /// them with the start.
    pub(crate) const fn has_steps_ahead(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether nothing comes of it by itself any more.
    pub(crate) const fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }

    /// Whether staff may send a message of it once more that was tried before. A follow-up completes
    /// itself although its last message failed, for LINE's quota say; that message may still be due.
    pub(crate) const fn takes_retries(self) -> bool {
        !matches!(self, Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_that_is_over_stays_over() {
        for &status in Status::ALL.iter().filter(|s| s.is_over()) {
            for &action in Action::ALL {
                assert_eq!(status.after(action), None, "{status} {action}");
            }
        }
    }

    #[test]
    fn staff_are_offered_what_is_allowed_and_nothing_else() {
        assert_eq!(Status::Active.actions(), [Action::Pause, Action::Complete, Action::Cancel]);
        assert_eq!(Status::Cancelled.actions(), []);
    }

    #[test]
    fn only_a_paused_assignment_resumes() {
        for &status in Status::ALL {
            assert_eq!(status.after(Action::Resume).is_some(), status == Status::Paused);
        }
    }
}
