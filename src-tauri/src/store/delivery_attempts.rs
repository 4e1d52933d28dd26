//! The failed attempts of deliveries, one row each.

use serde::Serialize;
use sqlx::FromRow;

use super::{
    Conn, json_rows,
    sql::{Pool, query, query_as},
};
use crate::{clock::Timestamp, domain::delivery::Cause, ids::DeliveryId};

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Attempt {
    pub(crate) delivery_id: DeliveryId,
    /// From 1 within its delivery.
    pub(crate) attempt: i64,
    #[serde(serialize_with = "millis")]
    pub(crate) started_at: Timestamp,
    #[serde(serialize_with = "millis")]
    pub(crate) finished_at: Timestamp,
    pub(crate) cause: Cause,
    /// LINE's HTTP status; `None` where no answer came.
    pub(crate) http_status: Option<i64>,
    pub(crate) error_text: Option<String>,
}

fn millis<S: serde::Serializer>(at: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_i64(at.as_millis())
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Tried {
    pub(crate) attempt: i64,
    pub(crate) started_at: Timestamp,
    pub(crate) finished_at: Timestamp,
    pub(crate) cause: Cause,
    pub(crate) http_status: Option<i64>,
    pub(crate) error_text: Option<String>,
}

/// The earliest first.
pub(crate) async fn of(pool: &Pool, id: DeliveryId) -> sqlx::Result<Vec<Tried>> {
    query_as(
        "SELECT attempt, started_at, finished_at, cause, http_status, error_text FROM delivery_attempts
         WHERE delivery_id = $1 ORDER BY attempt",
    )
    .bind(id)
    .fetch_all(pool)
    .await
}

/// Stores a batch; an existing attempt stays as it is.
pub(crate) async fn insert(conn: &mut Conn, batch: &[Attempt]) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    query(
        "INSERT INTO delivery_attempts
            (delivery_id, attempt, started_at, finished_at, cause, http_status, error_text)
         SELECT value ->> 'delivery_id', CAST(value ->> 'attempt' AS BIGINT),
            CAST(value ->> 'started_at' AS BIGINT),
            CAST(value ->> 'finished_at' AS BIGINT), value ->> 'cause',
            CAST(value ->> 'http_status' AS BIGINT), value ->> 'error_text'
         FROM json_each($1) WHERE true
         ON CONFLICT (delivery_id, attempt) DO NOTHING",
    )
    .bind(json_rows(batch)?)
    .execute(conn)
    .await?;
    Ok(())
}
