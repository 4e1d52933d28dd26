//! The problems a caller may get.

mod field;
mod refusal;

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use self::field::FieldCode;
pub(crate) use self::refusal::{Refusal, Thing};

/// An error with its sources, in one line.
pub(crate) fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

/// The stable kinds of problem. The code is for programs, the title and detail for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// 400: the request is not of the form that is asked for.
    InvalidInput,
    /// 422: the form is right, a value is outside its limits.
    OutOfLimits,
    /// 401: nobody is signed in.
    Unauthenticated,
    /// 403: the role does not allow it, or the request comes from elsewhere.
    Forbidden,
    /// 404: there is nothing under this id or path.
    NotFound,
    /// 405: the path exists, not with this method.
    MethodNotAllowed,
    /// 409: not allowed in the present state.
    Conflict,
    /// 413: the body is too large.
    TooLarge,
    /// 415: the body is of a kind that is not taken.
    UnsupportedMediaType,
    /// 429: too many requests at once.
    TooManyRequests,
    /// 503: something this needs is not working now.
    Unavailable,
    /// 500: our fault; the log has the cause.
    Internal,
}

impl Code {
    /// The HTTP status that goes with the code.
    pub(crate) const fn status(self) -> u16 {
        match self {
            Self::InvalidInput => 400,
            Self::OutOfLimits => 422,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::TooManyRequests => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }

    /// The kind of problem in English.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::InvalidInput => "The request is not of the form that is asked for",
            Self::OutOfLimits => "A value is outside its limits",
            Self::Unauthenticated => "Sign in, or send a token",
            Self::Forbidden => "Not allowed",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "This path does not take this method",
            Self::Conflict => "Not possible in the present state",
            Self::TooLarge => "Too large",
            Self::UnsupportedMediaType => "Send another kind of body",
            Self::TooManyRequests => "Too many requests",
            Self::Unavailable => "Not working right now",
            Self::Internal => "Something went wrong on our side",
        }
    }
}

/// One field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldProblem {
    /// Path to the field as in the request: `steps[2].content.text`.
    pub(crate) field: String,
    /// What is wrong and what the limit is, in English.
    pub(crate) message: String,
    /// What is wrong, as a stable name for translation.
    pub(crate) code: FieldCode,
    /// The limit as a number, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<u32>,
    /// The unit of `limit`: `UTF-16 code units`, `grapheme clusters`, `bytes`, `items`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<Cow<'static, str>>,
    /// What the field takes, where the code leaves it open: words to choose from, or a range such
    /// as `1–48`; for `needsFallback` and `fallbackIsVariable` the variable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) takes: Option<String>,
}

impl FieldProblem {
    /// A refusal that its code describes completely.
    pub(crate) fn new(field: impl Into<String>, code: FieldCode) -> Self {
        Self::of(field, code, None, None)
    }

    /// A refusal with the limit as a number.
    pub(crate) fn limited(field: impl Into<String>, code: FieldCode, limit: u32) -> Self {
        Self::of(field, code, Some(limit), None)
    }

    /// A refusal with what the field takes.
    pub(crate) fn taking(field: impl Into<String>, code: FieldCode, takes: impl Into<String>) -> Self {
        Self::of(field, code, None, Some(takes.into()))
    }

    fn of(field: impl Into<String>, code: FieldCode, limit: Option<u32>, takes: Option<String>) -> Self {
        let message = code.says(limit, takes.as_deref());
        Self { field: field.into(), message, code, limit, unit: None, takes }
    }

    /// A value that cannot be read at all, in the parser's words: staff never write such a thing by
    /// hand.
    pub(crate) fn malformed(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::new(field, FieldCode::Malformed) }
    }

    /// A refusal by LINE, in its words.
    pub(crate) fn by_line(field: impl Into<String>, words: impl Into<String>) -> Self {
        Self { message: words.into(), ..Self::new(field, FieldCode::RefusedByLine) }
    }

    /// A refusal of `found`, which is more than `limit` `unit`.
    pub(crate) fn over(
        field: impl Into<String>,
        limit: impl TryInto<u32> + std::fmt::Display + Copy,
        unit: &'static str,
        found: usize,
    ) -> Self {
        Self {
            message: format!("takes at most {limit} {unit}, and this has {found}"),
            field: field.into(),
            code: if unit == "items" { FieldCode::TooMany } else { FieldCode::TooLong },
            limit: limit.try_into().ok(),
            unit: Some(unit.into()),
            takes: None,
        }
    }
}

/// A refusal or failure in the shape of RFC 9457 (`application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, specta::Type, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{title}: {detail}")]
pub struct Problem {
    /// The stable name of the kind of problem.
    pub(crate) code: Code,
    pub status: u16,
    /// The kind of problem in English, the same for each `code`.
    pub(crate) title: Cow<'static, str>,
    /// This occurrence in words: what happened and what to do.
    pub(crate) detail: String,
    /// This occurrence as a stable name with its parts, for translation; absent where only a
    /// programmer reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<Refusal>,
    /// The refused fields, all of them at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<FieldProblem>,
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            status: code.status(),
            title: code.title().into(),
            detail: detail.into(),
            refusal: None,
            errors: Vec::new(),
        }
    }

    /// Adds the reason, for translation.
    #[must_use]
    pub(crate) fn because(self, refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..self }
    }

    /// Values outside their limits (422).
    pub(crate) fn fields(errors: Vec<FieldProblem>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{} {}", one.field, one.message),
            many => format!("{} fields need another value", many.len()),
        };
        Self { errors, ..Self::new(Code::OutOfLimits, detail) }
    }

    /// One field outside its limits (422).
    pub(crate) fn field(field: impl Into<String>, code: FieldCode) -> Self {
        Self::fields(vec![FieldProblem::new(field, code)])
    }

    /// There is no `what` under this id (404).
    pub(crate) fn not_found(what: Thing, id: impl std::fmt::Display) -> Self {
        let detail = format!("there is no {} {id}", what.in_words());
        Self::new(Code::NotFound, detail).because(Refusal::Gone { what })
    }

    /// A refusal for the present state of a thing (409).
    pub(crate) fn conflict(refusal: Refusal, detail: impl Into<String>) -> Self {
        Self::new(Code::Conflict, detail).because(refusal)
    }

    /// The problem of a failed database; the caller has logged the error.
    pub(crate) fn of_database(error: &sqlx::Error) -> Self {
        match trouble(error) {
            Some(trouble) => Self::of_trouble(trouble),
            None => Self::new(Code::Internal, "the database refused; the log has the cause")
                .because(Refusal::InLog),
        }
    }

    /// A database that does not work at the moment (503).
    pub(crate) fn of_trouble(trouble: Trouble) -> Self {
        Self::new(Code::Unavailable, trouble.in_words()).because(Refusal::Database { trouble })
    }

    /// Our fault; the cause goes to the log, not to the caller.
    pub(crate) fn internal(doing: &str, cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "{doing} failed");
        Self::new(Code::Internal, format!("{doing} failed; the log has the cause")).because(Refusal::InLog)
    }
}

/// The result of an operation.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the database refused");
        Self::of_database(&error)
    }
}

/// A fault of the database that may pass by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Trouble {
    /// The disk, or our share of it, is full.
    Full,
    /// The files cannot be read or written.
    Files,
    /// Another process holds it, or it is being opened anew.
    Busy,
}

impl Trouble {
    /// The fault and its remedy, in words for staff.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Full => "there is no room on the disk; make room and all goes on by itself",
            Self::Files => "the data folder cannot be written to or read; look at the disk and its rights",
            Self::Busy => "the database is busy; try again",
        }
    }
}

/// Why the database failed, where the statement is not at fault; `None` where it would fail again.
pub(crate) fn trouble(error: &sqlx::Error) -> Option<Trouble> {
    use sqlx::Error;
    match error {
        Error::Database(e) => {
            let code = e.code()?;
            // A SQLSTATE has five characters; no code of SQLite has.
            if code.len() == 5 {
                return of_sqlstate(&code);
            }
            // Extended codes carry the primary one in their low byte (sqlite.org/rescode.html).
            let code: i32 = code.parse().ok()?;
            match code & 0xff {
                // SQLITE_FULL
                13 => Some(Trouble::Full),
                // SQLITE_PERM, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN
                3 | 8 | 10 | 14 => Some(Trouble::Files),
                // SQLITE_ABORT, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_INTERRUPT,
                // SQLITE_PROTOCOL
                4 | 5 | 6 | 7 | 9 | 15 => Some(Trouble::Busy),
                _ => None,
            }
        }
        Error::Io(_) => Some(Trouble::Files),
        Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed
        | Error::BeginFailed
        | Error::InvalidSavePointStatement => Some(Trouble::Busy),
        _ => None,
    }
}

/// [`Trouble`] by a SQLSTATE of PostgreSQL (postgresql.org/docs/current/errcodes-appendix.html).
fn of_sqlstate(code: &str) -> Option<Trouble> {
    match code {
        // disk_full
        "53100" => Some(Trouble::Full),
        // read_only_sql_transaction, io_error
        "25006" | "58030" => Some(Trouble::Files),
        // serialization_failure, deadlock_detected, lock_not_available, query_canceled
        "40001" | "40P01" | "55P03" | "57014" => Some(Trouble::Busy),
        // connection_exception, insufficient_resources, operator_intervention
        _ if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => Some(Trouble::Busy),
        _ => None,
    }
}
