//! Events of LINE's webhook, stored before it is answered.

use serde::Serialize;
use sqlx::FromRow;

use super::{
    Conn, json_rows,
    sql::{Pool, query, query_as, query_scalar},
};
use crate::{clock::Timestamp, ids::WebhookId};

#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Event {
    /// Our id; `webhookEventId` is LINE's.
    pub(crate) id: WebhookId,
    /// LINE's id; a second event with the same id is the same event.
    pub(crate) webhook_event_id: String,
    pub(crate) event_type: String,
    /// The event's JSON; emptied once it was worked on.
    pub(crate) body: String,
    /// Whether LINE had tried to deliver it before.
    pub(crate) redelivered: bool,
}

/// Stores a batch; known events stay as they are.
pub(crate) async fn insert(conn: &mut Conn, batch: &[Event], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    query(
        "INSERT INTO webhook_events (id, webhook_event_id, event_type, body, redelivered, received_at)
         SELECT value ->> 'id', value ->> 'webhook_event_id', value ->> 'event_type', value ->> 'body',
            CAST(value ->> 'redelivered' AS BOOLEAN), $2
         FROM json_each($1) WHERE true
         ON CONFLICT (webhook_event_id) DO NOTHING",
    )
    .bind(json_rows(batch)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Events that are due and not worked on yet, in the order they came.
pub async fn open(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<Vec<Event>> {
    query_as(
        "SELECT id, webhook_event_id, event_type, body, redelivered FROM webhook_events
         WHERE processed_at IS NULL AND retry_at <= $1 ORDER BY received_at, id LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub(crate) async fn any_redelivered(pool: &Pool) -> sqlx::Result<bool> {
    query_scalar("SELECT EXISTS (SELECT 1 FROM webhook_events WHERE redelivered = TRUE)")
        .fetch_one(pool)
        .await
}

pub(crate) async fn next_retry_at(pool: &Pool) -> sqlx::Result<Option<Timestamp>> {
    query_scalar("SELECT MIN(retry_at) FROM webhook_events WHERE processed_at IS NULL").fetch_one(pool).await
}

/// Notes that events were worked on. Only their ids stay, to recognise them again; their words are
/// kept elsewhere, where they can be taken back.
pub(crate) async fn processed(conn: &mut Conn, ids: &[WebhookId], now: Timestamp) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE webhook_events SET processed_at = $2, body = ''
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes events wait: for the first of `waits` (milliseconds) the first `short` times, then for the
/// second. Each wait counts.
pub(crate) async fn put_off(
    conn: &mut Conn,
    ids: &[WebhookId],
    now: Timestamp,
    short: i64,
    waits: [i64; 2],
) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE webhook_events SET retry_at = $2 + CASE WHEN failures < $3 THEN CAST($4 AS BIGINT) ELSE $5 END,
            failures = failures + 1
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .bind(now)
    .bind(short)
    .bind(waits[0])
    .bind(waits[1])
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up on events that failed or waited `max` times. Returns how many.
pub(crate) async fn give_up(conn: &mut Conn, max: u32, now: Timestamp) -> sqlx::Result<u64> {
    let done = query(
        "UPDATE webhook_events SET processed_at = $2, body = ''
         WHERE processed_at IS NULL AND failures >= $1",
    )
    .bind(max)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes up to `limit` events that were worked on before an instant: LINE does not send them
/// again.
pub(crate) async fn forget(conn: &mut Conn, before: Timestamp, limit: u32) -> sqlx::Result<u64> {
    let done = query(
        "DELETE FROM webhook_events WHERE id IN
            (SELECT id FROM webhook_events WHERE processed_at < $1 ORDER BY processed_at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
