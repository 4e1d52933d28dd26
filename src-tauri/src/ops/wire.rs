//! Common parts of inputs and outputs.

use base64::Engine as _;
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    clock::{HOUR_MS, Timestamp},
    domain::{
        calendar::{MAX_AHEAD_DAYS, MAX_AHEAD_MS, start_of_day},
        staff::Role,
    },
    error::{Code, FieldCode, FieldProblem, Problem, Result},
    fields,
    store::{Cursor, Order, Page},
};

/// Declares inputs: read from JSON, unknown fields refused, limits at the fields. The function
/// named after `also` checks what concerns several fields.
macro_rules! inputs {
    ($($(#[$meta:meta])* pub$(($scope:ident))? struct $name:ident { $($body:tt)* } $(also $further:path;)?)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Deserialize, garde::Validate, schemars::JsonSchema, specta::Type)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[garde(allow_unvalidated)]
        pub$(($scope))? struct $name { $($body)* }

        impl crate::ops::wire::Input for $name {
            $(fn further(&self, now: crate::clock::Timestamp, checks: &mut crate::ops::wire::Checks) {
                $further(self, now, checks);
            })?
        }
    )*};
}

/// Declares outputs: structs that are written as JSON with names in camel case.
macro_rules! outputs {
    ($($(#[$meta:meta])* pub$(($scope:ident))? struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema, specta::Type)]
        #[serde(rename_all = "camelCase")]
        pub$(($scope))? struct $name { $($body)* }
    )*};
}

pub(super) use {inputs, outputs};

/// The input of an operation, with its limits at the fields.
pub(crate) trait Input: garde::Validate<Context = ()> + JsonSchema {
    /// Adds faults that concern several fields.
    fn further(&self, _now: Timestamp, _checks: &mut Checks) {}
}

/// # Errors
/// 422 with every field that breaks its limits.
pub(crate) fn check(input: &impl Input, now: Timestamp) -> Result<()> {
    let mut checks = Checks::default();
    checks.extend(fields::refusals(input));
    input.further(now, &mut checks);
    checks.done()
}

/// The caller: the name of a token or session, and its rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name, for the activity log.
    pub actor: String,
    /// The role its token or session has.
    pub role: Role,
}

inputs! {
    /// An object without a field.
    pub struct Nothing {}

    /// A page of a list.
    pub(crate) struct PageOf {
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }
}

/// One page of a list, with the way to the next.
#[derive(Clone, Debug, Serialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Paged<T> {
    /// The rows, at most `limit`.
    pub(crate) items: Vec<T>,
    /// The `cursor` for the next page; null at the end.
    pub(crate) next_cursor: Option<String>,
}

impl<T> Paged<T> {
    pub(super) fn of<R>(page: Page<R>, row: impl FnMut(R) -> T) -> Self {
        Self { next_cursor: page.next.as_ref().map(encode), items: page.items.into_iter().map(row).collect() }
    }
}

/// The most rows of a page.
pub(crate) const MAX_ROWS: u32 = 200;
pub(super) const DEFAULT_ROWS: u32 = 50;

/// Newest first.
pub(super) fn page(limit: Option<u32>, cursor: Option<&str>) -> Result<(Cursor, u32)> {
    page_in(Order::Desc, limit, cursor)
}

pub(super) fn page_in(order: Order, limit: Option<u32>, cursor: Option<&str>) -> Result<(Cursor, u32)> {
    let limit = limit.unwrap_or(DEFAULT_ROWS).min(MAX_ROWS);
    let cursor = match cursor {
        None => Cursor::first_in(order),
        Some(text) => decode(text).ok_or_else(|| no_place(text))?,
    };
    Ok((cursor, limit))
}

/// The form of a cursor, as the document shows it.
pub(super) const CURSOR: &str = "^[A-Za-z0-9_-]+$";

/// The refusal of a cursor: malformed (400), or well-formed but no place in a list (422).
fn no_place(text: &str) -> Problem {
    let has_form =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let message = "give nextCursor of the page before, as it is";
    if has_form {
        return Problem::field("cursor", FieldCode::NotACursor);
    }
    Problem::new(Code::InvalidInput, format!("cursor: {message}"))
}

fn encode(cursor: &Cursor) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{} {}", cursor.at, cursor.id))
}

fn decode(text: &str) -> Option<Cursor> {
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (at, id) = text.split_once(' ')?;
    Some(Cursor { at: at.parse().ok()?, id: id.to_owned() })
}

/// Tells a null field (`Some(None)`) from one that is left out (`None`).
pub(super) fn given<'de, D, T>(deserializer: D) -> std::result::Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<FieldProblem>);

/// The most refusals: a hundred are enough for anybody to mend.
const MAX_PROBLEMS: usize = 100;

impl Checks {
    pub(super) fn add(&mut self, problem: FieldProblem) {
        // A field's own limit may be LINE's as well.
        let is_said = self.0.iter().any(|said| said.field == problem.field && said.code == problem.code);
        if self.0.len() < MAX_PROBLEMS && !is_said {
            self.0.push(problem);
        }
    }

    pub(super) fn extend(&mut self, problems: Vec<FieldProblem>) {
        problems.into_iter().for_each(|p| self.add(p));
    }

    /// Checks that an instant can be meant: no further ahead than anything is planned, and at most
    /// `hours_back` hours ago.
    pub(super) fn near(&mut self, at: Timestamp, field: &str, now: Timestamp, hours_back: u32) {
        let ahead = at.millis_since(now);
        if ahead > MAX_AHEAD_MS {
            self.add(FieldProblem::limited(field, FieldCode::TooFarAhead, MAX_AHEAD_DAYS));
        }
        if -ahead > i64::from(hours_back) * HOUR_MS {
            self.add(FieldProblem::limited(field, FieldCode::TooFarBack, hours_back));
        }
    }

    /// # Errors
    /// 422 with every field that was refused.
    pub(super) fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::fields(self.0)) }
    }
}

/// The beginning of the day `text` names in `zone`, or the instant it gives.
pub(super) fn start_of(field: &str, text: Option<&str>, zone: Tz) -> Result<Option<Timestamp>> {
    text.map(|text| match fields::day(text) {
        Some(day) => start_of_day(day, zone).ok_or_else(|| no_day(field)),
        None => instant(field, text),
    })
    .transpose()
}

/// The end of the day `text` names in `zone` (the beginning of the next), or the instant it
/// gives.
pub(super) fn end_of(field: &str, text: Option<&str>, zone: Tz) -> Result<Option<Timestamp>> {
    text.map(|text| match fields::day(text) {
        Some(day) => day.succ_opt().and_then(|next| start_of_day(next, zone)).ok_or_else(|| no_day(field)),
        None => instant(field, text),
    })
    .transpose()
}

fn instant(field: &str, text: &str) -> Result<Timestamp> {
    fields::instant(text).ok_or_else(|| no_day(field))
}

fn no_day(field: &str) -> Problem {
    Problem::field(field, FieldCode::NotADay)
}
