//! The arguments of a statement: a text, a number or a flag, or NULL of one of these kinds.

use crate::{
    clock::Timestamp,
    domain::{
        activity, assignment, delivery, feedback, media, message, patient, protocol, staff, upkeep, upload,
        work,
    },
    ids,
};

/// A value for `$n`. NULL keeps its kind, which PostgreSQL asks for.
#[derive(Clone, Debug)]
pub enum Arg {
    /// Text, without NUL characters: PostgreSQL takes none.
    Text(Option<String>),
    Int(Option<i64>),
    Bool(Option<bool>),
}

/// A type whose values can stand for `$n`.
pub trait Bind: Sized {
    /// NULL, typed as this kind.
    const NONE: Arg;

    fn arg(self) -> Arg;
}

impl<T: Bind> Bind for Option<T> {
    const NONE: Arg = T::NONE;
    fn arg(self) -> Arg {
        self.map_or(Self::NONE, T::arg)
    }
}

impl<T: Bind + Clone> Bind for &T {
    const NONE: Arg = T::NONE;
    fn arg(self) -> Arg {
        self.clone().arg()
    }
}

impl Bind for String {
    const NONE: Arg = Arg::Text(None);
    fn arg(mut self) -> Arg {
        // PostgreSQL has no place for it in a text.
        if self.contains('\0') {
            self.retain(|c| c != '\0');
        }
        Arg::Text(Some(self))
    }
}

impl Bind for &str {
    const NONE: Arg = Arg::Text(None);
    fn arg(self) -> Arg {
        self.to_owned().arg()
    }
}

impl Bind for bool {
    const NONE: Arg = Arg::Bool(None);
    fn arg(self) -> Arg {
        Arg::Bool(Some(self))
    }
}

impl Bind for Timestamp {
    const NONE: Arg = Arg::Int(None);
    fn arg(self) -> Arg {
        Arg::Int(Some(self.as_millis()))
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Bind for $number {
            const NONE: Arg = Arg::Int(None);
            fn arg(self) -> Arg {
                Arg::Int(Some(self.into()))
            }
        }
    )+};
}
numbers!(i64, i32, u32);

macro_rules! texts {
    ($($text:ty),+ $(,)?) => {$(
        impl Bind for $text {
            const NONE: Arg = Arg::Text(None);
            fn arg(self) -> Arg {
                Arg::Text(Some(self.to_string()))
            }
        }
    )+};
}
texts!(
    ids::PatientId,
    ids::ProtocolId,
    ids::VersionId,
    ids::StepId,
    ids::AssignmentId,
    ids::DeliveryId,
    ids::RecurrenceId,
    ids::TokenId,
    ids::SessionId,
    ids::AuditId,
    ids::WebhookId,
    ids::AnswerId,
    ids::SaidId,
    ids::MediaId,
    ids::StrangerId,
    ids::TemplateId,
    activity::Act,
    upkeep::Upkeep,
    ids::UploadId,
    ids::WorkId,
    ids::NoteId,
    assignment::Status,
    delivery::Cause,
    delivery::InteractionStatus,
    delivery::Priority,
    delivery::State,
    feedback::FeedbackAction,
    media::Reason,
    media::State,
    upload::Kind,
    message::MessageType,
    patient::Reachability,
    patient::Status,
    protocol::Status,
    protocol::WhenUnreachable,
    staff::Role,
    work::NoteKind,
    work::Reason,
);
