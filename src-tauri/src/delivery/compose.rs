//! The exact bytes LINE gets: rendered once, stored before the first attempt, sent again as
//! they are.

use std::iter;

use crate::{
    domain::{
        clinic::Clinic,
        draft::{Body, Draft},
        feedback::Feedback,
        language::Language,
        message::Content,
    },
    ids::DeliveryId,
    line::{content::to_line, wire},
};

/// Whom a message is for, as far as its bytes depend on it.
#[derive(Clone, Copy)]
pub(crate) struct Recipient<'a> {
    pub(crate) line_user_id: &'a str,
    pub(crate) language: Language,
}

impl<'a> Recipient<'a> {
    /// The LINE account of a patient who speaks `locale`.
    pub(crate) fn of(line_user_id: &'a str, locale: Option<&str>, clinic: &Clinic) -> Self {
        Self { line_user_id, language: Language::of(locale, clinic.time_zone) }
    }
}

/// The body of a push: the message, and the question under it where the step asks. Two
/// message objects in one push count as one in LINE's quota.
pub(crate) fn body(
    to: Recipient<'_>,
    content: &Content,
    feedback: Option<&Feedback>,
    id: DeliveryId,
) -> String {
    let question = feedback.map(|f| wire::question(f, id, to.language));
    let messages: Vec<_> = iter::once(to_line(content)).chain(question).collect();
    wire::push_body(to.line_user_id, &messages)
}

/// Gives a draft the bytes that go to its patient.
pub(crate) fn address(draft: &mut Draft, to: Recipient<'_>, content: &Content) {
    let json = body(to, content, draft.source.feedback.as_ref(), draft.id);
    draft.body = Some(Body { json, recipient: to.line_user_id.to_owned() });
}

/// The same for content as it is stored. What cannot be read any more is left without bytes:
/// the attempt says what is wrong with it.
pub(crate) fn address_stored(draft: &mut Draft, to: Recipient<'_>) {
    if let Ok(content) = Content::parse(draft.source.message_type, &draft.source.content, "content") {
        address(draft, to, &content);
    }
}
