//! JSON in parameters and in TEXT columns.

use serde::{Serialize, de::DeserializeOwned};

/// `rows` as the JSON array that `json_each($n)` unpacks.
pub(super) fn json_rows<T: Serialize>(rows: &[T]) -> sqlx::Result<String> {
    serde_json::to_string(rows).map_err(|e| sqlx::Error::Encode(e.into()))
}

/// JSON in a TEXT column, read back.
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(|e| sqlx::Error::Decode(e.into()))
}

/// JSON for a TEXT column.
pub(super) fn to_json<T: Serialize>(value: &T) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|e| sqlx::Error::Encode(e.into()))
}
