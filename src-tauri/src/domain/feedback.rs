//! What a step asks and how a patient can answer.

use super::named_enum;

named_enum! {
    /// What pressing a button means.
    FeedbackAction {
        /// The step is done.
        Complete = "complete",
        /// Ask again later.
        Postpone = "postpone",
        /// The patient leaves it out.
        Skip = "skip",
    }
}

/// One button under a question.
#[derive(
    Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema, specta::Type,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Button {
    /// What the patient reads; 1 to 20 grapheme clusters.
    pub label: String,
    /// What is stored as the answer; 1 to 100 characters.
    pub value: String,
    /// What the press means.
    pub action: FeedbackAction,
}

/// A question with its buttons.
#[derive(
    Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema, specta::Type,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Feedback {
    /// What is asked; 1 to 160 grapheme clusters.
    pub question: String,
    /// 1 to 4 buttons.
    pub buttons: Vec<Button>,
}
