//! What LINE told us, stored before it is answered.

use serde::Serialize;
use sqlx::FromRow;

use super::{Conn, json_rows};
use crate::{clock::Timestamp, ids::WebhookId};

/// An event as it came.
#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Event {
    /// Our id of it.
    pub id: WebhookId,
    /// LINE's id of it; a second one with the same is the same event.
    pub webhook_event_id: String,
    /// Its type, as LINE calls it.
    pub event_type: String,
    /// The event, as JSON text.
    pub body: String,
}

/// Stores a batch; events that came before are left as they are.
///
/// # Errors
/// The database failed.
pub async fn insert(conn: &mut Conn, batch: &[Event], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO webhook_events (id, webhook_event_id, event_type, body, received_at)
         SELECT value ->> 'id', value ->> 'webhook_event_id', value ->> 'event_type', value ->> 'body', $2
         FROM json_each($1) WHERE true
         ON CONFLICT (webhook_event_id) DO NOTHING",
    )
    .bind(json_rows(batch)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Events nobody has worked on yet, in the order they came.
///
/// # Errors
/// The database failed.
pub async fn open(conn: &mut Conn, limit: u32) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as(
        "SELECT id, webhook_event_id, event_type, body FROM webhook_events
         WHERE processed_at IS NULL ORDER BY received_at, id LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Notes that events were worked on.
///
/// # Errors
/// The database failed.
pub async fn processed(conn: &mut Conn, ids: &[WebhookId], now: Timestamp) -> sqlx::Result<()> {
    sqlx::query("UPDATE webhook_events SET processed_at = $2 WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
