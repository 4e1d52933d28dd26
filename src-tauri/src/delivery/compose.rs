//! The exact bytes LINE gets: rendered once, stored before the first attempt, sent again as
//! they are.

use std::iter;

use crate::{
    domain::{
        draft::{Body, Draft},
        feedback::Feedback,
        message::Content,
    },
    ids::DeliveryId,
    line::{content::to_line, wire},
};

/// The body of a push to `recipient`: the message, and the question under it where the step
/// asks. Two message objects in one push count as one in LINE's quota.
pub fn body(recipient: &str, content: &Content, feedback: Option<&Feedback>, id: DeliveryId) -> String {
    let question = feedback.map(|f| wire::question(f, id));
    let messages: Vec<_> = iter::once(to_line(content)).chain(question).collect();
    wire::push_body(recipient, &messages)
}

/// Gives a draft the bytes that go to `recipient`.
pub fn address(draft: &mut Draft, recipient: &str, content: &Content) {
    let json = body(recipient, content, draft.source.feedback.as_ref(), draft.id);
    draft.body = Some(Body { json, recipient: recipient.to_owned() });
}

/// The same for content as it is stored. What cannot be read any more is left without bytes:
/// the attempt says what is wrong with it.
pub fn address_stored(draft: &mut Draft, recipient: &str) {
    if let Ok(content) = Content::parse(draft.source.message_type, &draft.source.content, "content") {
        address(draft, recipient, &content);
    }
}
