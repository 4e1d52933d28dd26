//! The interaction log: one row for each delivery that has an outcome, and the sums over it.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder, Sqlite, SqlitePool};

use super::{Conn, Cursor, Page, json_rows, stats};
use crate::{
    clock::Timestamp,
    domain::{delivery::InteractionStatus, feedback::FeedbackAction},
    ids::{self, AssignmentId, DeliveryId, PatientId, ProtocolId, StepId},
};

/// A row of the log.
#[derive(Clone, Debug, FromRow)]
pub struct Interaction {
    /// The delivery's id.
    pub id: DeliveryId,
    /// The patient.
    pub user_id: PatientId,
    /// Of which protocol.
    pub protocol_id: ProtocolId,
    /// Of which step.
    pub step_id: StepId,
    /// Of which assignment.
    pub assignment_id: AssignmentId,
    /// LINE's id of the message; `None` when LINE never accepted it.
    pub message_id: Option<String>,
    /// When LINE accepted it.
    pub sent_at: Option<Timestamp>,
    /// When the patient's chat was first proven to work after it.
    pub delivered_at: Option<Timestamp>,
    /// When the patient answered.
    pub responded_at: Option<Timestamp>,
    /// What they answered.
    pub response_value: Option<String>,
    /// What the answer means.
    pub response_action: Option<FeedbackAction>,
    /// From sent to answered.
    pub time_difference_ms: Option<i64>,
    /// Where it stands.
    pub status: InteractionStatus,
    /// When the delivery first had an outcome.
    pub created_at: Timestamp,
}

/// Writes the rows of deliveries that were just sent, failed or put up for review, and moves
/// the sums. Exactly one row for each delivery, however often this runs: a row that says
/// `failed` may become `sent`, nothing else changes.
///
/// # Errors
/// The database failed.
pub async fn log_outcomes(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json_rows(ids)?;
    let changes: Vec<Change> = sqlx::query_as(
        "SELECT d.id, i.status AS old_status, COALESCE(i.created_at, $2) AS created_at,
            CASE d.state WHEN 'sent' THEN 'sent' ELSE 'failed' END AS new_status,
            d.feedback IS NOT NULL AS asked,
            MAX(COALESCE(d.accepted_at, d.due_at) - d.due_at, 0) AS delivery_ms
         FROM deliveries d LEFT JOIN interaction_logs i ON i.id = d.id
         WHERE d.id IN (SELECT value FROM json_each($1))
            AND d.state IN ('sent', 'failed', 'review')
            AND (i.id IS NULL OR (i.status = 'failed' AND d.state = 'sent'))",
    )
    .bind(&ids)
    .bind(now)
    .fetch_all(&mut *conn)
    .await?;
    if changes.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO interaction_logs (id, user_id, protocol_id, step_id, assignment_id, message_id,
            sent_at, status, created_at)
         SELECT d.id, d.patient_id, d.protocol_id, d.step_id, COALESCE(d.assignment_id, $3),
            d.line_message_ids ->> 0, d.accepted_at,
            CASE d.state WHEN 'sent' THEN 'sent' ELSE 'failed' END, $2
         FROM deliveries d
         WHERE d.id IN (SELECT value FROM json_each($1)) AND d.state IN ('sent', 'failed', 'review')
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, message_id = excluded.message_id,
            sent_at = excluded.sent_at
         WHERE interaction_logs.status = 'failed'",
    )
    .bind(&ids)
    .bind(now)
    .bind(ids::MESSAGES_ASSIGNMENT)
    .execute(&mut *conn)
    .await?;
    let mut sums: BTreeMap<i64, stats::Sums> = BTreeMap::new();
    for change in &changes {
        change.apply(sums.entry(stats::bucket_of(change.created_at)).or_default());
    }
    stats::add(conn, &sums).await
}

/// One row of the log that begins or changes.
#[derive(Clone, Debug, FromRow)]
struct Change {
    created_at: Timestamp,
    old_status: Option<InteractionStatus>,
    new_status: InteractionStatus,
    asked: bool,
    delivery_ms: i64,
}

impl Change {
    fn apply(&self, sums: &mut stats::Sums) {
        match self.old_status {
            None => sums.total += 1,
            Some(_) => sums.failed -= 1,
        }
        if self.new_status == InteractionStatus::Failed {
            sums.failed += 1;
        } else {
            sums.sent += 1;
            sums.asked += i64::from(self.asked);
            sums.delivery_ms += self.delivery_ms;
        }
    }
}

/// What a list of interactions is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// One patient's.
    pub patient_id: Option<PatientId>,
    /// One assignment's.
    pub assignment_id: Option<AssignmentId>,
    /// Those that stand there.
    pub status: Option<InteractionStatus>,
    /// Made at or after this.
    pub from: Option<Timestamp>,
    /// Made before this.
    pub to: Option<Timestamp>,
}

/// Interactions from the newest to the oldest.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &SqlitePool,
    filter: Filter,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Interaction>> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM interaction_logs WHERE (created_at, id) < (");
    query.push_bind(after.at).push(", ").push_bind(after.id.clone()).push(")");
    if let Some(id) = filter.patient_id {
        query.push(" AND user_id = ").push_bind(id);
    }
    if let Some(id) = filter.assignment_id {
        query.push(" AND assignment_id = ").push_bind(id);
    }
    if let Some(status) = filter.status {
        query.push(" AND status = ").push_bind(status);
    }
    if let Some(from) = filter.from {
        query.push(" AND created_at >= ").push_bind(from);
    }
    if let Some(to) = filter.to {
        query.push(" AND created_at < ").push_bind(to);
    }
    query.push(" ORDER BY created_at DESC, id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    let rows: Vec<Interaction> = query.build_query_as().fetch_all(pool).await?;
    Ok(Page::cut(rows, limit, |i| Cursor { at: i.created_at.as_millis(), id: i.id.to_string() }))
}

/// Outcomes of a span by the hour, counted from `from`.
#[derive(Clone, Copy, Debug, Serialize, FromRow)]
pub struct Hour {
    /// Whole hours since the beginning of the span.
    pub hour: i64,
    /// Accepted by LINE.
    pub accepted: i64,
    /// Failed, or not sent in time.
    pub failed: i64,
}

/// Outcomes in `from..to` by the hour.
///
/// # Errors
/// The database failed.
pub async fn by_hour(pool: &SqlitePool, from: Timestamp, to: Timestamp) -> sqlx::Result<Vec<Hour>> {
    sqlx::query_as(
        "SELECT (created_at - $1) / 3600000 AS hour, SUM(status <> 'failed') AS accepted,
            SUM(status = 'failed') AS failed
         FROM interaction_logs WHERE created_at >= $1 AND created_at < $2
         GROUP BY 1 ORDER BY 1",
    )
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await
}
