//! A protocol version assigned to a patient, and the one state machine of its life.

use super::named_enum;

named_enum! {
    /// Where an assignment stands.
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
        /// Over: everything came, or staff closed it.
        Completed = "completed",
        /// Over: staff stopped it, and what waited was cancelled.
        Cancelled = "cancelled",
    }
}

named_enum! {
    /// What staff can do to an assignment.
    #[serde(rename = "AssignmentAction")]
    Action {
        /// Begin; the clock of its delays starts here.
        Start = "start",
        /// Hold all messages until it is resumed.
        Pause = "pause",
        /// Go on; delays moved by the time paused, times of day missed are skipped.
        Resume = "resume",
        /// End it as done; what waits is cancelled.
        Complete = "complete",
        /// End it for good; what waits is cancelled.
        Cancel = "cancel",
    }
}

// The store has these lists as text (store/fragments.rs); a test compares them.
#[cfg(test)]
impl Status {
    /// Assignments that are not over.
    pub(crate) const ONGOING: &[Self] = &[Self::Assigned, Self::Active, Self::Paused];
    /// Assignments that have begun and are not over.
    pub(crate) const STARTED: &[Self] = &[Self::Active, Self::Paused];
}

impl Status {
    /// The state after `action`, or `None` where the action is not allowed now.
    pub(crate) const fn after(self, action: Action) -> Option<Self> {
        match (self, action) {
            (Self::Assigned, Action::Start) | (Self::Paused, Action::Resume) => Some(Self::Active),
            (Self::Active, Action::Pause) => Some(Self::Paused),
            (Self::Active | Self::Paused, Action::Complete) => Some(Self::Completed),
            (Self::Assigned | Self::Active | Self::Paused, Action::Cancel) => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// What is allowed now, in the order of `Action::ALL`.
    pub(crate) fn actions(self) -> Vec<Action> {
        Action::ALL.iter().copied().filter(|&action| self.after(action).is_some()).collect()
    }

    /// Whether steps are ahead of it, which staff may leave out, move or hold back, one by one or
    /// all of them with the start.
    pub(crate) const fn has_steps_ahead(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether nothing can happen any more.
    pub(crate) const fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
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
