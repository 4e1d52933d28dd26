//! People who need a person: why, and how urgently.

use super::named_enum;

named_enum! {
    /// Why somebody is on the worklist.
    #[serde(rename = "WorkReason")]
    Reason {
        /// An answer the protocol marks as worrying.
        Worrying = "worrying",
        /// Postponed more often than the step allows.
        Postponed = "postponed",
        /// A question was not answered in its window.
        Missed = "missed",
        /// The patient blocked the clinic's account.
        Blocked = "blocked",
        /// LINE does not know the patient's id.
        Unlinked = "unlinked",
        /// A message failed for good.
        Failed = "failed",
        /// A message grew too old before it could be sent.
        Expired = "expired",
        /// The patient wrote something.
        Wrote = "wrote",
        /// The patient wrote words that alarm.
        Alarming = "alarming",
        /// The patient pressed "I feel worse" in the clinic's menu.
        FeelsWorse = "feels_worse",
        /// A button of a message was pressed whose step says that this calls staff.
        Pressed = "pressed",
        /// A LINE account that belongs to one patient gave the code of another.
        Relink = "relink",
    }
}

// What the detail of an item is, by its reason. The store has these lists as text
// (store/fragments.rs); a test compares them.
#[cfg(test)]
impl Reason {
    /// The id of words of the patient.
    pub(crate) const WORDS: &[Self] = &[Self::Wrote, Self::Alarming];
    /// The id of a press that answers no question.
    pub(crate) const PRESSES: &[Self] = &[Self::Pressed, Self::FeelsWorse];
    /// The label of an answer.
    pub(crate) const ANSWERS: &[Self] = &[Self::Worrying, Self::Postponed];
    /// A message that did not go: settled when it does, or is cancelled.
    pub(crate) const UNSENT: &[Self] = &[Self::Failed, Self::Expired];
}

impl Reason {
    /// Whether staff are called at once.
    pub(crate) const fn is_urgent(self) -> bool {
        match self {
            Self::Worrying | Self::Alarming | Self::FeelsWorse => true,
            Self::Postponed
            | Self::Missed
            | Self::Blocked
            | Self::Unlinked
            | Self::Failed
            | Self::Expired
            | Self::Wrote
            | Self::Pressed
            | Self::Relink => false,
        }
    }

    /// Whether there is one line for each patient, however many messages it is about.
    pub(crate) const fn is_once_a_patient(self) -> bool {
        match self {
            Self::Blocked
            | Self::Unlinked
            | Self::Wrote
            | Self::Alarming
            | Self::FeelsWorse
            | Self::Relink => true,
            Self::Worrying
            | Self::Postponed
            | Self::Missed
            | Self::Failed
            | Self::Expired
            | Self::Pressed => false,
        }
    }
}

named_enum! {
    /// What kind of note staff wrote.
    NoteKind {
        /// Something to remember.
        Note = "note",
        /// A call with the patient.
        Call = "call",
    }
}
