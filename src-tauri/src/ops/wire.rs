//! What inputs and outputs have in common.

use base64::Engine as _;
use chrono::NaiveDate;
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    clock::Timestamp,
    domain::{calendar::start_of_day, staff::Role},
    error::{Code, FieldProblem, Problem, Result},
    store::{Cursor, Page},
};

/// Declares inputs: read from JSON, unknown fields refused.
macro_rules! inputs {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Deserialize, schemars::JsonSchema, specta::Type)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($body)* }
    )*};
}

/// Declares outputs: written as JSON.
macro_rules! outputs {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize, schemars::JsonSchema, specta::Type)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($body)* }
    )*};
}

pub(super) use {inputs, outputs};

/// Who calls: the name of a token or session, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name, for the activity log.
    pub actor: String,
    /// What they may do.
    pub role: Role,
}

inputs! {
    /// Nothing.
    pub struct Nothing {}

    /// A page of a list.
    pub struct PageOf {
        /// Rows of a page: 1 to 200; 50 where it is left out.
        #[serde(default)]
        pub limit: Option<u32>,
        /// `nextCursor` of the page before.
        #[serde(default)]
        pub cursor: Option<String>,
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Paged<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Give it as `cursor` for the next page; null at the end.
    pub next_cursor: Option<String>,
}

impl<T> Paged<T> {
    pub(super) fn of<R>(page: Page<R>, row: impl FnMut(R) -> T) -> Self {
        Self { next_cursor: page.next.as_ref().map(encode), items: page.items.into_iter().map(row).collect() }
    }
}

const MAX_ROWS: u32 = 200;
const DEFAULT_ROWS: u32 = 50;

/// Reads the place and the length of a page.
pub(super) fn page(limit: Option<u32>, cursor: Option<&str>) -> Result<(Cursor, u32)> {
    let limit = limit.unwrap_or(DEFAULT_ROWS);
    if !(1..=MAX_ROWS).contains(&limit) {
        let mut problem = FieldProblem::new("limit", format!("takes 1 to {MAX_ROWS}"));
        problem.limit = Some(MAX_ROWS);
        return Err(Problem::fields(vec![problem]));
    }
    let cursor = match cursor {
        None => Cursor::newest(),
        Some(text) => decode(text).ok_or_else(|| {
            Problem::new(Code::InvalidInput, "cursor: give nextCursor of the page before, as it is")
        })?,
    };
    Ok((cursor, limit))
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

/// Tells a field that is null from one that is left out.
pub(super) fn given<'de, D, T>(deserializer: D) -> std::result::Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Collects refusals of fields.
#[derive(Debug, Default)]
pub(super) struct Checks(Vec<FieldProblem>);

impl Checks {
    /// A text of 1 to `most` characters without control characters, where it is given.
    pub(super) fn line(&mut self, field: &str, text: Option<&str>, most: u32) {
        let Some(text) = text else { return };
        if text.trim().is_empty() {
            self.add(FieldProblem::new(field, "must not be empty"));
        }
        self.note(field, Some(text), most);
        if text.contains(['\n', '\r']) {
            self.add(FieldProblem::new(field, "must be one line"));
        }
    }

    /// A text of up to `most` characters, of several lines perhaps.
    pub(super) fn note(&mut self, field: &str, text: Option<&str>, most: u32) {
        let Some(text) = text else { return };
        let length = text.chars().count();
        if length > most as usize {
            self.add(FieldProblem::over(field, most, "characters", length));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.add(FieldProblem::new(field, "must not contain control characters"));
        }
    }

    /// An IANA time zone, where it is given.
    pub(super) fn zone(&mut self, field: &str, zone: Option<&str>) {
        if zone.is_some_and(|z| z.parse::<Tz>().is_err()) {
            self.add(FieldProblem::new(field, "takes an IANA time zone such as Asia/Bangkok"));
        }
    }

    pub(super) fn add(&mut self, problem: FieldProblem) {
        if self.0.len() < 100 {
            self.0.push(problem);
        }
    }

    pub(super) fn extend(&mut self, problems: Vec<FieldProblem>) {
        problems.into_iter().for_each(|p| self.add(p));
    }

    /// Ends the checks.
    ///
    /// # Errors
    /// 422 with every field that was refused.
    pub(super) fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::fields(self.0)) }
    }
}

/// The beginning of the day `text` names in `zone`, or the instant it gives.
pub(super) fn start_of(field: &str, text: Option<&str>, zone: Tz) -> Result<Option<Timestamp>> {
    text.map(|text| match text.parse::<NaiveDate>() {
        Ok(day) => start_of_day(day, zone).ok_or_else(|| no_day(field)),
        Err(_) => instant(field, text),
    })
    .transpose()
}

/// The end of the day `text` names in `zone` (the beginning of the next), or the instant it
/// gives.
pub(super) fn end_of(field: &str, text: Option<&str>, zone: Tz) -> Result<Option<Timestamp>> {
    text.map(|text| match text.parse::<NaiveDate>() {
        Ok(day) => day.succ_opt().and_then(|next| start_of_day(next, zone)).ok_or_else(|| no_day(field)),
        Err(_) => instant(field, text),
    })
    .transpose()
}

fn instant(field: &str, text: &str) -> Result<Timestamp> {
    // A `+` in a query is a space once it is decoded.
    let text = text.replace(' ', "+");
    serde_json::from_value(serde_json::Value::String(text)).map_err(|_| no_day(field))
}

fn no_day(field: &str) -> Problem {
    Problem::field(field, "takes a day such as 2026-11-24, or an RFC 3339 time")
}
