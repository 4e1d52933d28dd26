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

/// What an item is about. The store has a list of the reasons of each as text
/// (`store/fragments.rs`); a test compares them.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Words of the patient, whose id is the detail.
    Words,
    /// A press that answers no question; its id is the detail.
    Press,
    /// An answer, whose label is the detail.
    Answer,
    /// A message that did not go: settled when it does, or is cancelled.
    Unsent,
    /// No one of these.
    Other,
}

#[cfg(test)]
impl Reason {
    pub(crate) fn all_about(about: About) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|reason| reason.about() == about).collect()
    }

    const fn about(self) -> About {
        match self {
            Self::Wrote | Self::Alarming => About::Words,
            Self::Pressed | Self::FeelsWorse => About::Press,
            Self::Worrying | Self::Postponed => About::Answer,
            Self::Failed | Self::Expired => About::Unsent,
            Self::Missed | Self::Blocked | Self::Unlinked | Self::Relink => About::Other,
        }
    }
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
