//! What a push says, in the form in which staff wrote it: where variables stood, what the patient
//! reads.

use serde_json::Value;

use super::content::fill_back;
use crate::domain::{
    feedback::Feedback,
    message::{FurtherMessage, MessageType},
    variables,
};

/// Puts what was filled in into a content and a question as they were written; `push` is the
/// body they became. Without variables they are left as they are.
pub(crate) fn fill_from(
    push: &str,
    kind: MessageType,
    content: &mut Value,
    further: &mut [FurtherMessage],
    asked: Option<&mut Feedback>,
) {
    let asked = asked.filter(|asked| variables::are_in_question(asked));
    let has_variables =
        variables::are_in_json(content) || further.iter().any(|one| variables::are_in_json(&one.content));
    if !has_variables && asked.is_none() {
        return;
    }
    let Ok(push) = serde_json::from_str::<Value>(push) else { return };
    let Some(objects) = push["messages"].as_array() else { return };
    if has_variables {
        let rest = further.iter_mut().map(|one| (one.message_type, &mut one.content));
        for (object, (kind, content)) in objects.iter().zip(std::iter::once((kind, content)).chain(rest)) {
            fill_back(object, kind, content);
        }
    }
    if let (Some(object), Some(asked)) = (objects.last(), asked) {
        of_question(object, asked);
    }
}

fn of_question(object: &Value, asked: &mut Feedback) {
    let put = |place: &mut String, said: &Value| {
        if let Some(said) = said.as_str() {
            said.clone_into(place);
        }
    };
    put(&mut asked.question, &object["template"]["text"]);
    if let Some(alt_text) = &mut asked.alt_text {
        put(alt_text, &object["altText"]);
    }
    for (n, button) in asked.buttons.iter_mut().enumerate() {
        put(&mut button.label, &object["template"]["actions"][n]["label"]);
    }
}
