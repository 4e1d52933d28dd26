//! The exact bytes LINE gets: rendered once, stored before the first attempt, sent again as
//! they are.

use crate::{
    domain::{feedback::Feedback, message::Content},
    ids::DeliveryId,
    line::wire,
};

/// The body of a push to `recipient`: the message, and the question under it where the step
/// asks. Two message objects in one push count as one in LINE's quota.
pub fn body(recipient: &str, content: &Content, feedback: Option<&Feedback>, id: DeliveryId) -> String {
    let mut messages = wire::message_objects(content);
    messages.extend(feedback.map(|f| wire::question(f, id)));
    wire::push_body(recipient, &messages)
}
