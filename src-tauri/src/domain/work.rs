//! The worklist's reasons: why a person needs a person, and how urgently.

use super::{
    delivery::{Cause, can_help, is_key_known},
    named_enum,
};
use crate::clock::Timestamp;

named_enum! {
    /// Why somebody is on the worklist.
    #[serde(rename = "WorkReason")]
    Reason {
        /// An answer the protocol marks as worrying.
        Worrying = "worrying",
        /// A question was postponed more often than the step allows.
        Postponed = "postponed",
        /// A question was not answered in its window.
        Missed = "missed",
        /// The patient blocked the clinic's account.
        Blocked = "blocked",
        /// LINE does not know the patient's id.
        Unlinked = "unlinked",
        /// A message to the patient failed for good.
        Failed = "failed",
        /// A message expired before it could be sent.
        Expired = "expired",
        /// The patient wrote something.
        Wrote = "wrote",
        /// The patient wrote words that alarm.
        Alarming = "alarming",
        /// The patient pressed "I feel worse" in the clinic's menu.
        FeelsWorse = "feels_worse",
        /// The patient pressed a button whose step calls staff.
        Pressed = "pressed",
        /// A LINE account that belongs to one patient gave the code of another.
        Relink = "relink",
    }
}

/// The subject of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Words of the patient; `detail` is their id.
    Words,
    /// A press that answers no question; `detail` is its id.
    Press,
    /// An answer; `detail` is its label.
    Answer,
    /// A message that did not go: settled when it goes or is cancelled.
    Unsent,
    /// Nothing that `detail` names.
    Other,
}

impl Reason {
    /// An answer is missing: a late one settles it.
    pub(crate) const UNANSWERED: &[Self] = &[Self::Postponed, Self::Missed];

    pub(crate) fn all_about(about: About) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|reason| reason.about() == about).collect()
    }

    pub(crate) const fn about(self) -> About {
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

    /// Whether a patient has one item of it, however many messages it is about.
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

/// What happened to a patient, or what they did: a reason, with the case of a missing LINE account
/// told apart from an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WhatHappened {
    /// Gave a worrying answer.
    Worrying,
    /// Postponed more often than the plan allows.
    Postponed,
    /// Did not answer a question in time.
    Missed,
    /// Blocked the clinic's account at LINE.
    Blocked,
    /// Is not linked to a LINE account.
    NotLinked,
    /// Is linked to an id that LINE does not know.
    UnknownToLine,
    /// Had a message that failed for good.
    Failed,
    /// Had a message that expired before it could be sent.
    Expired,
    /// Wrote something that no rule of the program answers.
    Wrote,
    /// Wrote words that alarm (`alarmWords`).
    Alarming,
    /// Pressed "I feel worse" in the clinic's menu.
    FeelsWorse,
    /// Pressed a button that calls staff.
    Pressed,
    /// Used their code from another LINE account than the linked one.
    Relink,
}

impl WhatHappened {
    pub(crate) const fn of(reason: Reason, is_linked: bool) -> Self {
        match reason {
            Reason::Worrying => Self::Worrying,
            Reason::Postponed => Self::Postponed,
            Reason::Missed => Self::Missed,
            Reason::Blocked => Self::Blocked,
            Reason::Unlinked if is_linked => Self::UnknownToLine,
            Reason::Unlinked => Self::NotLinked,
            Reason::Failed => Self::Failed,
            Reason::Expired => Self::Expired,
            Reason::Wrote => Self::Wrote,
            Reason::Alarming => Self::Alarming,
            Reason::FeelsWorse => Self::FeelsWorse,
            Reason::Pressed => Self::Pressed,
            Reason::Relink => Self::Relink,
        }
    }

    /// In English, for the API; for a failed message its cause says more.
    pub(crate) const fn in_words(self, cause: Option<Cause>) -> &'static str {
        match (self, cause) {
            (Self::Worrying, _) => "gave an answer that worries",
            (Self::Postponed, _) => "postponed more often than the plan allows",
            (Self::Missed, _) => "did not answer in time",
            (Self::Blocked, _) => "blocked the clinic's LINE account; nothing arrives",
            (Self::NotLinked, _) => "is not linked to LINE; steps wait and grow too old",
            (Self::UnknownToLine, _) => "LINE does not know this patient's id; link the patient again",
            (Self::Failed, Some(cause)) => cause.in_words(),
            (Self::Failed, None) => "a message failed for good",
            (Self::Expired, _) => "a message grew too old before it could be sent",
            (Self::Wrote, _) => "wrote a message",
            (Self::Alarming, _) => "wrote words that alarm",
            (Self::FeelsWorse, _) => "pressed that they feel worse",
            (Self::Pressed, _) => "pressed a button that calls staff",
            (Self::Relink, _) => "used the code of this patient from a LINE account; a link exists already",
        }
    }
}

named_enum! {
    /// What staff can do with an item of the worklist.
    #[serde(rename = "WorkAction")]
    Action {
        /// Decide that the LINE account that gave the code becomes this patient's.
        Link = "link",
        /// Decide that it does not become the patient's.
        RefuseLink = "refuse_link",
        /// Settle it: nothing is left to do.
        Resolve = "resolve",
        /// Send its message once more, and settle it.
        SendAgain = "send_again",
        /// Write a note, or that the patient was called.
        Note = "note",
        /// Let it come back at a time that staff choose.
        Snooze = "snooze",
        /// Note that the caller looks after it.
        Take = "take",
        /// Note that nobody looks after it any more.
        LetGo = "let_go",
        /// Open it once more after it was settled.
        Reopen = "reopen",
    }
}

/// The facts that decide what staff can do with an item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WorkState {
    pub(crate) reason: Reason,
    pub(crate) is_settled: bool,
    pub(crate) has_owner: bool,
    pub(crate) has_message: bool,
    /// Why its message did not go.
    pub(crate) cause: Option<Cause>,
    /// When LINE may have got the message without our knowing.
    pub(crate) maybe_sent_at: Option<Timestamp>,
}

impl WorkState {
    /// In the order of `Action::ALL`.
    pub(crate) fn actions(&self, now: Timestamp) -> Vec<Action> {
        let is_offered = |action: &Action| match action {
            Action::Reopen => self.is_settled,
            _ if self.is_settled => false,
            Action::Link | Action::RefuseLink => self.reason == Reason::Relink,
            Action::Resolve => self.reason != Reason::Relink,
            Action::SendAgain => self.has_message && self.is_sendable(now),
            Action::Note | Action::Snooze => true,
            Action::Take => !self.has_owner,
            Action::LetGo => self.has_owner,
        };
        Action::ALL.iter().copied().filter(is_offered).collect()
    }

    fn is_sendable(&self, now: Timestamp) -> bool {
        match self.reason {
            Reason::Missed | Reason::Postponed => true,
            // It goes again under its own key, which LINE still has to know.
            Reason::Expired => is_key_known(self.maybe_sent_at, now),
            Reason::Failed => can_help(self.cause, self.maybe_sent_at, now),
            Reason::Worrying
            | Reason::Blocked
            | Reason::Unlinked
            | Reason::Wrote
            | Reason::Alarming
            | Reason::FeelsWorse
            | Reason::Pressed
            | Reason::Relink => false,
        }
    }
}

named_enum! {
    /// What staff can do about a writer whose LINE account is no patient's.
    StrangerAction {
        /// Say which patient the LINE account belongs to.
        Link = "link",
        /// Settle it: nothing is left to do.
        Resolve = "resolve",
        /// Open it once more after it was settled.
        Reopen = "reopen",
    }
}

impl StrangerAction {
    pub(crate) const fn offered(is_settled: bool) -> [Self; 2] {
        [Self::Link, if is_settled { Self::Reopen } else { Self::Resolve }]
    }
}

named_enum! {
    /// The kind of a note.
    NoteKind {
        /// Something staff want to remember.
        Note = "note",
        /// The result of a call with the patient.
        Call = "call",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(0);
    const OPEN: WorkState = WorkState {
        reason: Reason::Missed,
        is_settled: false,
        has_owner: false,
        has_message: true,
        cause: None,
        maybe_sent_at: None,
    };

    #[test]
    fn what_is_settled_can_be_brought_back_and_nothing_else() {
        for &reason in Reason::ALL {
            assert_eq!(WorkState { reason, is_settled: true, ..OPEN }.actions(NOW), [Action::Reopen]);
        }
    }

    #[test]
    fn about_a_link_staff_decide_instead_of_settling_it() {
        let actions = WorkState { reason: Reason::Relink, ..OPEN }.actions(NOW);
        assert_eq!(actions[..2], [Action::Link, Action::RefuseLink]);
        assert!(!actions.contains(&Action::Resolve));
    }

    #[test]
    fn whoever_has_an_item_can_let_go_of_it() {
        assert_eq!(OPEN.actions(NOW).last(), Some(&Action::Take));
        assert_eq!(WorkState { has_owner: true, ..OPEN }.actions(NOW).last(), Some(&Action::LetGo));
    }

    #[test]
    fn a_message_goes_again_where_that_can_help() {
        let can_go = |work: WorkState| work.actions(NOW).contains(&Action::SendAgain);
        let failed = WorkState { reason: Reason::Failed, ..OPEN };
        assert!(can_go(OPEN));
        assert!(can_go(WorkState { cause: Some(Cause::Blocked), ..failed }));
        assert!(!can_go(WorkState { cause: Some(Cause::MessageInvalid), ..failed }));
        assert!(!can_go(WorkState { has_message: false, ..OPEN }));
        assert!(!can_go(WorkState { reason: Reason::Worrying, ..OPEN }));
    }
}
