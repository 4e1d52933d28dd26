//! JSON in parameters and in TEXT columns.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::{Database, Decode, Type, ValueRef as _, error::BoxDynError};

use crate::domain::{
    assignment::{Passed, Pause},
    feedback::Feedback,
    media::Details,
    message::FurtherMessage,
    protocol::Sender,
    quick_reply::QuickReply,
    translation::Translations,
    trigger::Trigger,
};

/// `rows` as the JSON array that `json_each($n)` unpacks, without NUL characters: PostgreSQL would
/// refuse a text with one for ever.
pub(super) fn json_rows<T: Serialize>(rows: &[T]) -> sqlx::Result<String> {
    let text = serde_json::to_string(rows).map_err(|e| sqlx::Error::Encode(e.into()))?;
    Ok(without_escaped_nul(text))
}

/// JSON without the NULs in its texts; a `\\u0000` after an escaped backslash is none.
fn without_escaped_nul(json: String) -> String {
    const NUL: &str = "\\u0000";
    if !json.contains(NUL) {
        return json;
    }
    let mut clean = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        clean.push_str(before);
        let end = if escape.starts_with(NUL) { NUL.len() } else { 2 };
        if end == 2 {
            clean.push_str(&escape[..2]);
        }
        rest = &escape[end..];
    }
    clean.push_str(rest);
    clean
}

/// A column that holds JSON: `#[sqlx(try_from = "Stored<T>")]`. NULL is read as JSON's null.
#[derive(Debug)]
pub(super) struct Stored<T>(T);

impl<T, DB: Database> Type<DB> for Stored<T>
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        String::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        String::compatible(ty)
    }
}

impl<'r, T: DeserializeOwned, DB: Database> Decode<'r, DB> for Stored<T>
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let text = if value.is_null() { "null" } else { <&str as Decode<DB>>::decode(value)? };
        Ok(Self(serde_json::from_str(text)?))
    }
}

macro_rules! stored {
    ($($column:ty),+) => {$(
        impl From<Stored<Self>> for $column {
            fn from(stored: Stored<Self>) -> Self {
                stored.0
            }
        }
    )+};
}
stored!(BTreeMap<String, i64>, Option<BTreeMap<String, String>>, Option<Details>, Vec<BTreeMap<String, i64>>, Value, Option<Feedback>, Option<Vec<FurtherMessage>>, Option<Vec<QuickReply>>, Option<Sender>, Option<Translations>, Trigger, Vec<String>, Vec<Pause>, Vec<Passed>);

pub(super) fn to_json<T: Serialize>(value: &T) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|e| sqlx::Error::Encode(e.into()))
}

/// A list for a TEXT column; NULL for an empty list.
pub(super) fn to_json_unless_empty<T: Serialize>(list: &[T]) -> sqlx::Result<Option<String>> {
    if list.is_empty() { Ok(None) } else { to_json(&list).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_goes_and_its_name_in_text_stays() {
        let rows = json_rows(&["a\0b", "\\u0000", "\\\0", "\"\0\""]).expect("JSON");
        let read: Vec<String> = serde_json::from_str(&rows).expect("JSON");
        assert_eq!(read, ["ab", "\\u0000", "\\", "\"\""]);
    }
}
