//! The end of freshness, and of the wait for an answer.

use const_format::formatcp;
use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    domain::clinic::AtNight,
    ids::{AssignmentId, DeliveryId, PatientId, RecurrenceId},
    store::{
        Conn,
        fragments::{CAUSE_ONCE_LAPSED, OPEN_STATES},
        json_rows,
        sql::{Pool, query, query_as, query_scalar},
    },
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Lapsed {
    pub(crate) id: DeliveryId,
    pub(crate) due_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) maybe_sent_at: Option<Timestamp>,
    /// IANA; `None` for the clinic's.
    pub(crate) time_zone: Option<String>,
    /// `None` for the clinic's rule.
    pub(crate) at_night: Option<AtNight>,
    pub(crate) recurrence_id: Option<RecurrenceId>,
}

/// The open deliveries whose freshness is over, the oldest first.
pub(crate) async fn lapsed(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<Vec<Lapsed>> {
    query_as(formatcp!(
        "SELECT d.id, d.due_at, d.expires_at, d.maybe_sent_at, p.time_zone, d.at_night,
            d.recurrence_id
         FROM deliveries d JOIN patients p ON p.id = d.patient_id
         WHERE d.state IN {OPEN_STATES} AND d.expires_at <= $1
         ORDER BY d.expires_at LIMIT $2"
    ))
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub(crate) async fn next_expiry(pool: &Pool) -> sqlx::Result<Option<Timestamp>> {
    query_scalar(formatcp!(
        "SELECT expires_at FROM deliveries WHERE state IN {OPEN_STATES}
         ORDER BY expires_at LIMIT 1"
    ))
    .fetch_optional(pool)
    .await
}

/// What decides how long a delivery is fresh after its time.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct FreshFor {
    pub(crate) id: DeliveryId,
    /// Milliseconds its step says; `None` for a message of no step.
    pub(crate) fresh_ms: Option<i64>,
    /// IANA; `None` for the clinic's.
    pub(crate) time_zone: Option<String>,
    pub(crate) at_night: Option<AtNight>,
}

pub(crate) async fn fresh_for(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<FreshFor>> {
    query_as(
        "SELECT d.id, s.freshness_ms AS fresh_ms, p.time_zone, d.at_night
         FROM deliveries d JOIN patients p ON p.id = d.patient_id
            LEFT JOIN protocol_steps s ON s.id = d.step_id AND d.assignment_id IS NOT NULL
         WHERE d.id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Extended {
    pub(crate) id: DeliveryId,
    pub(crate) expires_at: Timestamp,
}

impl Extended {
    /// `[[id, expires_at], …]`, for a statement.
    pub(super) fn rows(batch: &[Self]) -> sqlx::Result<String> {
        let rows: Vec<_> =
            batch.iter().map(|e| serde_json::json!([e.id, e.expires_at.as_millis()])).collect();
        json_rows(&rows)
    }
}

/// Moves the end of freshness of open deliveries.
pub(crate) async fn extend(conn: &mut Conn, batch: &[Extended]) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE deliveries SET expires_at = j.at
         FROM (SELECT value ->> 0 AS id, CAST(value ->> 1 AS BIGINT) AS at FROM json_each($1)) AS j
         WHERE deliveries.id = j.id",
    )
    .bind(Extended::rows(batch)?)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn put_up_for_review(
    conn: &mut Conn,
    ids: &[DeliveryId],
    now: Timestamp,
) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    query(formatcp!(
        "UPDATE deliveries SET state = 'review', next_attempt_at = NULL, updated_at = $2,
            cause = {CAUSE_ONCE_LAPSED}
         WHERE id IN (SELECT value FROM json_each($1))"
    ))
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct Unanswered {
    pub(crate) id: DeliveryId,
    pub(crate) patient_id: PatientId,
    pub(crate) assignment_id: Option<AssignmentId>,
    /// Whether its follow-up is active; false for a one-off message.
    pub(crate) runs: bool,
}

/// Takes up to `limit` questions whose window has passed; they await no answer from then on.
pub(crate) async fn take_unanswered(
    conn: &mut Conn,
    now: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<Unanswered>> {
    let rows: Vec<Unanswered> = query_as(
        "SELECT d.id, d.patient_id, d.assignment_id, COALESCE(a.status = 'active', FALSE) AS runs
         FROM deliveries d LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.answer_by <= $1 ORDER BY d.answer_by LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<_> = rows.iter().map(|r| r.id).collect();
    stop_awaiting(conn, &ids).await?;
    Ok(rows)
}

pub(crate) async fn stop_awaiting(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    query("UPDATE deliveries SET answer_by = NULL WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn next_answer_by(pool: &Pool) -> sqlx::Result<Option<Timestamp>> {
    query_scalar("SELECT answer_by FROM deliveries WHERE answer_by IS NOT NULL ORDER BY answer_by LIMIT 1")
        .fetch_optional(pool)
        .await
}
