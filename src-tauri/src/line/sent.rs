//! Restores what a push says to the form staff wrote, with the patient's values in place of
//! variables.

use serde_json::Value;

use super::content::fill_back;
use crate::domain::{
    feedback::Feedback,
    message::{FurtherMessage, MessageType},
    quick_reply::QuickReply,
    variables,
};

/// The parts of one push as staff wrote them.
pub(crate) struct AsWritten<'a> {
    pub(crate) kind: MessageType,
    pub(crate) content: &'a mut Value,
    pub(crate) further: &'a mut [FurtherMessage],
    pub(crate) asked: Option<&'a mut Feedback>,
    pub(crate) quick_replies: &'a mut [QuickReply],
}

/// Puts filled-in texts into the parts as they were written; `push` is the body made from them.
/// Parts without variables stay unchanged.
pub(crate) fn fill_from(push: &str, written: AsWritten<'_>) {
    let AsWritten { kind, content, further, asked, quick_replies } = written;
    let asked = asked.filter(|asked| variables::are_in(&**asked));
    let quick_replies = Some(quick_replies).filter(|replies| variables::are_in(&**replies));
    let has_variables =
        variables::are_in_json(content) || further.iter().any(|one| variables::are_in_json(&one.content));
    if !has_variables && asked.is_none() && quick_replies.is_none() {
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
    let Some(last) = objects.last() else { return };
    if let Some(asked) = asked {
        of_question(last, asked);
    }
    if let Some(replies) = quick_replies {
        of_quick_replies(&last["quickReply"], replies);
    }
}

fn of_question(object: &Value, asked: &mut Feedback) {
    put(&mut asked.question, &object["template"]["text"]);
    if let Some(alt_text) = &mut asked.alt_text {
        put(alt_text, &object["altText"]);
    }
    for (n, button) in asked.buttons.iter_mut().enumerate() {
        put(&mut button.label, &object["template"]["actions"][n]["label"]);
    }
}

/// `sent` is LINE's `quickReply`.
fn of_quick_replies(sent: &Value, replies: &mut [QuickReply]) {
    for (n, reply) in replies.iter_mut().enumerate() {
        let action = &sent["items"][n]["action"];
        put(reply.label_mut(), &action["label"]);
        if let QuickReply::Message { text: Some(text), .. } = reply {
            put(text, &action["text"]);
        }
    }
}

fn put(place: &mut String, said: &Value) {
    if let Some(said) = said.as_str() {
        said.clone_into(place);
    }
}
