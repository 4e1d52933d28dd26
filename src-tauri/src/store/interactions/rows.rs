//! Rows of the log, and lists of them.

use const_format::formatcp;
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    clock::{Span, Timestamp},
    domain::{delivery::InteractionStatus, feedback::FeedbackAction},
    ids::{AssignmentId, DeliveryId, PatientId, ProtocolId, StepId},
    store::{
        Conn, Cursor, Page,
        fragments::ACCEPTED,
        json_rows,
        sql::{Builder, Pool, query_as, query_scalar},
    },
};

/// One row of the log for each message that had an outcome.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Interaction {
    pub(crate) id: DeliveryId,
    pub(crate) user_id: PatientId,
    pub(crate) protocol_id: ProtocolId,
    pub(crate) step_id: StepId,
    pub(crate) assignment_id: AssignmentId,
    /// LINE's id of the message; `None` where LINE never accepted it, or the patient's data were
    /// deleted.
    pub(crate) message_id: Option<String>,
    pub(crate) sent_at: Option<Timestamp>,
    /// When the patient's chat was first proven to work after it; `None` before.
    pub(crate) delivered_at: Option<Timestamp>,
    /// By LINE's clock; `None` until the patient answers.
    pub(crate) responded_at: Option<Timestamp>,
    pub(crate) response_value: Option<String>,
    pub(crate) response_action: Option<FeedbackAction>,
    /// Milliseconds from `sent_at` to `responded_at`; `None` until the patient answers.
    pub(crate) time_difference_ms: Option<i64>,
    pub(crate) status: InteractionStatus,
    /// When the delivery first had an outcome.
    pub(crate) created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) patient_id: Option<PatientId>,
    pub(crate) assignment_id: Option<AssignmentId>,
    pub(crate) status: Option<InteractionStatus>,
    /// Included.
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
}

/// From the newest to the oldest.
pub(crate) async fn list(
    pool: &Pool,
    filter: Filter,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Interaction>> {
    let mut query = Builder::new("SELECT * FROM interaction_logs WHERE (created_at, id) < (");
    // The list begins at the end of the span, not at the newest row of all.
    let end = filter.to.map(|to| Cursor { at: to.as_millis(), id: String::new() });
    let before = end.filter(|end| end.at <= after.at).unwrap_or_else(|| after.clone());
    query.push_bind(before.at).push(", ").push_bind(before.id).push(")");
    if let Some(id) = filter.patient_id {
        query.push(" AND user_id = ").push_bind(id);
    }
    if let Some(id) = filter.assignment_id {
        query.push(" AND assignment_id = ").push_bind(id);
    }
    if let Some(status) = filter.status {
        // The few of one patient are found by the patient.
        let narrow = filter.patient_id.is_some() || filter.assignment_id.is_some();
        query.push(if narrow { " AND status = " } else { " AND listed_status = " }).push_bind(status);
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

#[derive(Clone, Copy, Debug, Serialize, FromRow)]
pub(crate) struct Hour {
    /// Whole hours since the beginning of the span.
    pub(crate) hour: i64,
    pub(crate) accepted: i64,
    /// Failed, or not sent in time.
    pub(crate) failed: i64,
}

pub(crate) async fn by_hour(pool: &Pool, from: Timestamp, to: Timestamp) -> sqlx::Result<Vec<Hour>> {
    query_as(formatcp!(
        "SELECT (created_at - $1) / 3600000 AS hour, COUNT(*) FILTER (WHERE {ACCEPTED}) AS accepted,
            COUNT(*) FILTER (WHERE status = 'failed') AS failed
         FROM interaction_logs WHERE created_at >= $1 AND created_at < $2
         GROUP BY 1 ORDER BY 1"
    ))
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Exported {
    #[sqlx(flatten)]
    pub(crate) row: Interaction,
    pub(crate) patient_name: Option<String>,
    /// The clinic's own (HN).
    pub(crate) external_ref: Option<String>,
    pub(crate) protocol_name: Option<String>,
    /// From 1 within its version.
    pub(crate) step_order: Option<i64>,
    pub(crate) step_name: Option<String>,
    pub(crate) asked: bool,
    pub(crate) late: bool,
}

/// The key that orders the rows of the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowKey {
    pub(crate) created_at: Timestamp,
    pub(crate) id: DeliveryId,
}

/// Rows of the log in a span, oldest first, after the row `after`.
pub(crate) async fn export(
    pool: &Pool,
    Span { from, to }: Span,
    after: Option<RowKey>,
    limit: u32,
) -> sqlx::Result<Vec<Exported>> {
    let (at, id) = match after {
        Some(row) => (row.created_at, row.id.to_string()),
        None => (from.plus_millis(-1), "~".to_owned()),
    };
    query_as(
        "SELECT i.*, p.display_name AS patient_name, p.external_ref, pr.name AS protocol_name,
            s.step_order, s.name AS step_name, d.feedback IS NOT NULL AS asked,
            COALESCE((SELECT a.late FROM answers a WHERE a.delivery_id = i.id AND a.counted = TRUE), FALSE) AS late
         FROM interaction_logs i
         LEFT JOIN patients p ON p.id = i.user_id
         LEFT JOIN protocols pr ON pr.id = i.protocol_id
         LEFT JOIN protocol_steps s ON s.id = i.step_id
         LEFT JOIN deliveries d ON d.id = i.id
         WHERE (i.created_at, i.id) > ($1, $2) AND i.created_at < $3
         ORDER BY i.created_at, i.id LIMIT $4",
    )
    .bind(at)
    .bind(id)
    .bind(to)
    .bind(limit)
    .fetch_all(pool)
    .await
}

pub(crate) async fn count(pool: &Pool, Span { from, to }: Span) -> sqlx::Result<i64> {
    query_scalar("SELECT COUNT(*) FROM interaction_logs WHERE created_at >= $1 AND created_at < $2")
        .bind(from)
        .bind(to)
        .fetch_one(pool)
        .await
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct MessageStatus {
    pub(crate) id: DeliveryId,
    pub(crate) status: InteractionStatus,
}

pub(crate) async fn statuses(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<MessageStatus>> {
    query_as("SELECT id, status FROM interaction_logs WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}
