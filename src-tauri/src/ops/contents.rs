//! Checks of message contents as written: their form, variables and LINE's limits. One-off messages
//! and steps follow the same rules.

use std::borrow::Cow;

use serde_json::Value;

use crate::{
    core::Core,
    domain::{
        feedback::Feedback,
        message::{Content, FurtherMessage, MessageType},
        protocol::Sender,
        quick_reply::QuickReply,
        upload::{self, Kind, OwnAddress, OwnAddresses, PREVIEW_NAME},
        variables::{self, Available, Texts},
    },
    error::{FieldCode, FieldProblem, Problem, Result},
    line::{content, limits},
    store::{
        Conn,
        uploads::{self, Stored},
    },
};

/// The values known in messages of a follow-up. Whether the clinic has a number is checked by
/// [`phone_is_there`].
pub(super) const IN_FOLLOW_UP: Available = Available { follow_up: true, clinic_phone: true };

/// The values known in a message that belongs to no follow-up.
pub(super) const ALONE: Available = Available { follow_up: false, clinic_phone: true };

/// Everything that goes in one push.
pub(super) struct Push<'a> {
    /// The path in the request: `steps[0].`, or empty.
    pub(super) prefix: String,
    pub(super) message_type: MessageType,
    pub(super) content: &'a Value,
    pub(super) further: &'a [FurtherMessage],
    pub(super) feedback: Option<Cow<'a, Feedback>>,
    /// The quick replies under the last message object.
    pub(super) quick_replies: &'a [QuickReply],
}

/// One message object as written.
struct Object<'a> {
    field: String,
    kind: MessageType,
    content: &'a Value,
}

impl Push<'_> {
    fn objects(&self) -> impl Iterator<Item = Object<'_>> {
        let prefix = &self.prefix;
        let first =
            Object { field: format!("{prefix}content"), kind: self.message_type, content: self.content };
        let rest = self.further.iter().enumerate().map(move |(n, one)| Object {
            field: format!("{prefix}furtherMessages[{n}].content"),
            kind: one.message_type,
            content: &one.content,
        });
        std::iter::once(first).chain(rest)
    }

    /// By field.
    pub(super) fn problems(&self, known: Available) -> Vec<FieldProblem> {
        let mut found: Vec<_> = self.objects().flat_map(|object| object.problems(known)).collect();
        if let Some(asked) = &self.feedback {
            let field = format!("{}feedback", self.prefix);
            found.extend(problems_of(asked.as_ref(), &field, known, limits::check_feedback));
        }
        let field = self.quick_replies_field();
        found.extend(problems_of(self.quick_replies, &field, known, limits::check_quick_replies));
        found
    }

    fn own_addresses(&self, own: &mut OwnAddresses) {
        for Object { field, kind, content } in self.objects() {
            if let Ok(content) = Content::parse(kind, content, &field) {
                content.addresses(&field, own);
            }
        }
        for (n, reply) in self.quick_replies.iter().enumerate() {
            if let Some(icon) = reply.icon_url() {
                own.in_text(icon, format!("{}quickReplies[{n}].iconUrl", self.prefix), Some(Kind::Picture));
            }
        }
    }

    fn problems_of_variables(&self, known: Available) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        for Object { field, kind, content } in self.objects() {
            if let Ok(content) = Content::parse(kind, content, &field) {
                found.extend(variables::problems(&content, &field, known));
            }
        }
        if let Some(asked) = &self.feedback {
            found.extend(variables::problems(asked.as_ref(), &format!("{}feedback", self.prefix), known));
        }
        found.extend(variables::problems(self.quick_replies, &self.quick_replies_field(), known));
        found
    }

    fn quick_replies_field(&self) -> String {
        format!("{}quickReplies", self.prefix)
    }
}

impl Object<'_> {
    fn problems(&self, known: Available) -> Vec<FieldProblem> {
        let said = match Content::parse(self.kind, self.content, &self.field) {
            Ok(said) => said,
            Err(problem) => return vec![problem],
        };
        problems_of(&said, &self.field, known, content::check)
    }
}

/// What stands against a part of a message: its variables, and what LINE would refuse where they
/// are filled in.
fn problems_of<T: Texts + ?Sized>(
    said: &T,
    field: &str,
    known: Available,
    check: impl Fn(&T, &str) -> Vec<FieldProblem>,
) -> Vec<FieldProblem> {
    let found = variables::problems(said, field, known);
    // How long it becomes is not known of what cannot be filled in.
    if found.is_empty() { check(&variables::stretched(said), field) } else { found }
}

/// Refuses a use of the clinic's number without fallback words, where the clinic has no number.
///
/// # Errors
/// Every such field.
pub(super) fn phone_is_there<'a>(core: &Core, said: impl Iterator<Item = Push<'a>>) -> Result<()> {
    if core.clinic().phone.is_some() {
        return Ok(());
    }
    let known = Available { clinic_phone: false, ..IN_FOLLOW_UP };
    let found: Vec<_> = said.flat_map(|said| said.problems_of_variables(known)).collect();
    if found.is_empty() { Ok(()) } else { Err(Problem::fields(found)) }
}

/// Refuses the clinic's own addresses at which nothing lies, or a file of the wrong kind: LINE
/// checks no address before a phone fetches it.
///
/// # Errors
/// Every such field, or the database failed.
pub(super) async fn uploads_are_there<'a>(
    conn: &mut Conn,
    core: &Core,
    said: impl Iterator<Item = Push<'a>>,
    sender: Option<&Sender>,
) -> Result<()> {
    let clinic = core.clinic();
    let Some(base) = &clinic.public_url else { return Ok(()) };
    let mut own = OwnAddresses::below(base);
    said.for_each(|said| said.own_addresses(&mut own));
    if let Some(icon) = sender.and_then(|sender| sender.icon_url.as_deref()) {
        own.in_text(icon, "sender.iconUrl".to_owned(), Some(Kind::Picture));
    }
    if own.found.is_empty() {
        return Ok(());
    }
    let tokens: Vec<_> = own.found.iter().map(|address| address.token.as_str()).collect();
    let there = uploads::by_tokens(conn, &tokens).await?;
    let found: Vec<_> = own.found.iter().filter_map(|address| problem_of(address, &there)).collect();
    if found.is_empty() { Ok(()) } else { Err(Problem::fields(found)) }
}

fn problem_of(address: &OwnAddress, there: &[Stored]) -> Option<FieldProblem> {
    let upload = there.iter().find(|upload| upload.token == address.token);
    let kind = upload.and_then(|upload| match address.name.as_str() {
        PREVIEW_NAME => Some(Kind::Picture),
        name => (name == upload::original_name(&upload.media_type)).then_some(upload.kind),
    });
    let code = match (kind, address.takes) {
        (None, _) => FieldCode::NoSuchUpload,
        (Some(Kind::Video), Some(Kind::Picture)) => FieldCode::PictureBelongsHere,
        (Some(Kind::Picture), Some(Kind::Video)) => FieldCode::VideoBelongsHere,
        (Some(_), _) => return None,
    };
    Some(FieldProblem::new(&address.field, code))
}
