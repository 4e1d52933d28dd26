//! A care protocol: steps with their triggers, in versions that never change once published.

use serde::{Deserialize, Serialize};

use unicode_normalization::UnicodeNormalization as _;

use super::{
    message::MAX_URL,
    named_enum,
    unseen::{is_unseen, turns_direction},
};

/// The most UTF-16 code units of a sender's name (Messaging API, "Change icon and display name").
pub(crate) const MAX_SENDER_NAME: u32 = 20;

/// The name and icon that a protocol's messages appear under, in place of the account's own.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    garde::Validate,
    schemars::JsonSchema,
    specta::Type,
)]
#[garde(allow_unvalidated)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sender {
    /// 1 to 20 UTF-16 code units, without variables; LINE takes no name with LINE in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = MAX_SENDER_NAME))]
    pub(crate) name: Option<String>,
    /// A public HTTPS address of a PNG, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = MAX_URL), url)]
    pub(crate) icon_url: Option<String>,
}

impl Sender {
    /// Whether it leaves both to the account.
    pub(crate) const fn is_empty(&self) -> bool {
        self.name.is_none() && self.icon_url.is_none()
    }

    /// Whether the name has LINE in it, in capitals anywhere or as a word by itself: LINE refuses
    /// that (Messaging API, "Change icon and display name"). "Caroline" passes. Letters of any
    /// width or in circles count (NFKC), and invisible characters between them do not help;
    /// look-alike letters of other alphabets are not recognised.
    pub(crate) fn names_line(&self) -> bool {
        let shown = self.name.iter().flat_map(|name| name.chars()).filter(|c| !is_unseen(*c));
        let name: String = shown.nfkc().collect();
        let lower = name.to_lowercase();
        let is_word = |(at, word): (usize, &str)| {
            let before = lower[..at].chars().next_back();
            let after = lower[at + word.len()..].chars().next();
            [before, after].into_iter().flatten().all(|c| !c.is_ascii_alphabetic())
        };
        name.contains("LINE") || lower.match_indices("line").any(is_word)
    }

    /// Whether the name is one visible line without characters that turn the text direction: it
    /// stands above messages, and in the list of chats.
    pub(crate) fn name_can_be_shown(&self) -> bool {
        self.name.as_ref().is_none_or(|name| {
            name.chars().any(|c| !c.is_whitespace() && !is_unseen(c))
                && !name.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
                && !name.contains(turns_direction)
        })
    }
}

named_enum! {
    /// Whether a protocol can be assigned to patients.
    #[serde(rename = "ProtocolStatus")]
    Status {
        /// Being written; it cannot be assigned.
        Draft = "draft",
        /// Published; it can be assigned.
        Active = "active",
        /// No longer offered; follow-ups that run go on.
        Archived = "archived",
    }
}

named_enum! {
    /// What staff can do with a protocol.
    #[serde(rename = "ProtocolAction")]
    Action {
        /// Change its name and its steps.
        Edit = "edit",
        /// Publish its newest version.
        Activate = "activate",
        /// Start it for a patient.
        Assign = "assign",
        /// Stop offering it; follow-ups that run go on.
        Archive = "archive",
        /// Offer it again, as a draft where it was never published.
        BringBack = "bringBack",
    }
}

impl Status {
    pub(crate) const fn allows(self, action: Action) -> bool {
        match (self, action) {
            (Self::Draft | Self::Active, Action::Edit | Action::Activate | Action::Archive)
            | (Self::Active, Action::Assign)
            | (Self::Archived, Action::BringBack) => true,
            (Self::Draft, Action::Assign)
            | (Self::Draft | Self::Active, Action::BringBack)
            | (Self::Archived, _) => false,
        }
    }

    /// The actions staff are offered, in the order of `Action::ALL`: those that are allowed now and
    /// change something. A published version is not published again.
    pub(crate) fn actions(self, is_published: bool) -> Vec<Action> {
        let changes = |action| !(is_published && action == Action::Activate);
        Action::ALL.iter().copied().filter(|&action| self.allows(action) && changes(action)).collect()
    }
}

named_enum! {
    /// What becomes of a due step while the patient cannot be reached: blocked, or not linked.
    #[derive(Default)]
    WhenUnreachable {
        /// It waits until the patient can be reached, or until it is too old.
        #[default]
        Hold = "hold",
        /// It is left out and never sent.
        Drop = "drop",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_activated_before_it_is_assigned() {
        assert_eq!(Status::Draft.actions(false), [Action::Edit, Action::Activate, Action::Archive]);
        assert_eq!(Status::Active.actions(true), [Action::Edit, Action::Assign, Action::Archive]);
    }

    #[test]
    fn a_draft_of_an_active_protocol_is_activated_while_the_version_before_is_assigned() {
        assert_eq!(
            Status::Active.actions(false),
            [Action::Edit, Action::Activate, Action::Assign, Action::Archive]
        );
    }

    #[test]
    fn an_archived_protocol_is_left_alone_until_it_is_brought_back() {
        assert_eq!(Status::Archived.actions(true), [Action::BringBack]);
        assert_eq!(Status::Archived.actions(false), [Action::BringBack]);
        assert!(!Status::Draft.allows(Action::BringBack) && !Status::Active.allows(Action::BringBack));
    }

    #[test]
    fn a_sender_does_not_name_line_however_it_is_written() {
        let names = |name: &str| Sender { name: Some(name.to_owned()), icon_url: None }.names_line();
        for name in
            ["LINE", "line", "Line Nurse", "ＬＩＮＥ", "ｌｉｎｅ看護師", "MyLINE", "LINE公式", "พยาบาลline"]
        {
            assert!(names(name), "{name}");
        }
        for name in ["", "Nurse Nok", "Caroline", "Online clinic", "Madeline"] {
            assert!(!names(name), "{name}");
        }
    }
}
