//! What messages say, as it is written: its form, its variables, LINE's limits. One-off messages
//! and steps are held to the same.

use serde_json::Value;

use crate::{
    core::Core,
    domain::{
        feedback::Feedback,
        message::{Content, MessageType},
        variables::{self, Known},
    },
    error::{FieldProblem, Problem, Result},
    line::{content, limits},
};

/// In the messages of a follow-up. Whether the clinic has a number is asked where the clinic is
/// known ([`phone_is_there`]).
pub(super) const IN_FOLLOW_UP: Known = Known { follow_up: true, clinic_phone: true };

/// In a message that belongs to none.
pub(super) const ALONE: Known = Known { follow_up: false, clinic_phone: true };

/// What stands against a content; `field` is its path in the request.
pub(super) fn problems(kind: MessageType, said: &Value, field: &str, known: Known) -> Vec<FieldProblem> {
    let said = match Content::parse(kind, said, field) {
        Ok(said) => said,
        Err(problem) => return vec![problem],
    };
    let mut found = variables::problems_of_content(&said, field, known);
    // Of what cannot be filled in nobody knows how long it becomes.
    if found.is_empty() {
        found = content::check(&variables::stretched_content(&said), field);
    }
    found
}

/// What stands against a question.
pub(super) fn problems_of_question(asked: &Feedback, field: &str, known: Known) -> Vec<FieldProblem> {
    let mut found = variables::problems_of_feedback(asked, field, known);
    if found.is_empty() {
        found = limits::check_feedback(&variables::stretched_feedback(asked), field);
    }
    found
}

/// What is said in one place of a request.
pub(super) struct Said<'a> {
    /// Its path: `steps[0].`, or empty.
    pub(super) prefix: String,
    pub(super) message_type: MessageType,
    pub(super) content: &'a Value,
    pub(super) feedback: Option<&'a Feedback>,
}

/// Refuses what names the clinic's number without words for want of one, where the clinic has
/// none.
///
/// # Errors
/// Every such field.
pub(super) fn phone_is_there<'a>(core: &Core, said: impl Iterator<Item = Said<'a>>) -> Result<()> {
    if core.clinic().phone.is_some() {
        return Ok(());
    }
    let known = Known { clinic_phone: false, ..IN_FOLLOW_UP };
    let mut found = Vec::new();
    for Said { prefix, message_type, content, feedback } in said {
        let field = format!("{prefix}content");
        if let Ok(content) = Content::parse(message_type, content, &field) {
            found.extend(variables::problems_of_content(&content, &field, known));
        }
        if let Some(feedback) = feedback {
            found.extend(variables::problems_of_feedback(feedback, &format!("{prefix}feedback"), known));
        }
    }
    if found.is_empty() { Ok(()) } else { Err(Problem::fields(found)) }
}
