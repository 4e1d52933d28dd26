//! The clinic's settings: names and JSON values, never secrets.

use serde::{Serialize, de::DeserializeOwned};

use super::{
    Conn, Store,
    sql::{On, query, query_scalar},
    to_json,
    unreadable::Unreadable,
};
use crate::clock::Timestamp;

/// `None` where it is not stored.
///
/// # Errors
/// The value is not of this type.
pub async fn get<T: DeserializeOwned>(database: impl Into<On<'_>>, key: &str) -> sqlx::Result<Option<T>> {
    let text: Option<String> =
        query_scalar("SELECT value FROM settings WHERE key = $1").bind(key).fetch_optional(database).await?;
    let read = |text: String| serde_json::from_str(&text);
    text.map(read)
        .transpose()
        .map_err(|_| Unreadable::text("settings", "value", format!("settings.key = {key}")))
}

pub async fn set<T: Serialize + Sync>(
    conn: &mut Conn,
    key: &str,
    value: &T,
    now: Timestamp,
) -> sqlx::Result<()> {
    query(
        "INSERT INTO settings (key, value, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
    )
    .bind(key)
    .bind(to_json(value)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of the setting with the time of the last test write.
pub(crate) const TOUCHED_AT: &str = "health.checked_at";

/// Writes something as a test: a full disk shows only then.
pub(crate) async fn touch(store: &Store, now: Timestamp) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    set(&mut tx, TOUCHED_AT, &now, now).await?;
    tx.commit().await
}
