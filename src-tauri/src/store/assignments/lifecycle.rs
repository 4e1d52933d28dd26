//! The steps of the lifecycle.

use const_format::formatcp;

use super::rows::Assignment;
use crate::{
    clock::Timestamp,
    ids::{AssignmentId, DeliveryId},
    store::{
        Conn,
        fragments::{PASSING_CAUSES, SETTLED_STATUSES, UNDECIDED_STATES},
        json_rows,
        sql::{query, query_scalar},
        to_json,
    },
};

/// Writes the columns that a step of the lifecycle changes. The caller has asked the state machine;
/// the table asks it again.
///
/// # Errors
/// The database failed, or the step is not allowed.
pub(crate) async fn set_lifecycle(conn: &mut Conn, a: &Assignment, now: Timestamp) -> sqlx::Result<()> {
    query(
        "UPDATE assignments SET status = $2, started_at = $3, paused_at = $4, pauses = $5,
            ended_at = $6, planned_through = $7, next_due_at = $8, updated_at = $9, passed = $10,
            current_step = $11
         WHERE id = $1",
    )
    .bind(a.id)
    .bind(a.status)
    .bind(a.started_at)
    .bind(a.paused_at)
    .bind(to_json(&a.pauses)?)
    .bind(a.ended_at)
    .bind(a.planned_through)
    .bind(a.next_due_at)
    .bind(now)
    .bind(to_json(&a.passed)?)
    .bind(a.current_step)
    .execute(conn)
    .await?;
    Ok(())
}

/// Completes those of these active assignments to which nothing can come any more: no step ahead,
/// no delivery that may still go out, no unanswered question.
pub(crate) async fn complete_finished(
    conn: &mut Conn,
    ids: &[AssignmentId],
    now: Timestamp,
) -> sqlx::Result<u64> {
    let done = query(formatcp!(
        "UPDATE assignments SET status = 'completed', ended_at = $2, updated_at = $2
         WHERE id IN (SELECT value FROM json_each($1)) AND status = 'active' AND next_due_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.assignment_id = assignments.id
                AND d.state IN {UNDECIDED_STATES})
            AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.assignment_id = assignments.id
                AND d.state = 'failed' AND d.expires_at > $2
                AND d.cause IN {PASSING_CAUSES})
            AND NOT EXISTS (SELECT 1 FROM deliveries d
                JOIN interaction_logs i ON i.id = d.id
                WHERE d.assignment_id = assignments.id AND d.state = 'sent'
                AND d.feedback IS NOT NULL AND i.status NOT IN {SETTLED_STATUSES})"
    ))
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Up to `limit` active assignments without a step ahead, ordered by id, after `after`.
pub(crate) async fn without_next(
    conn: &mut Conn,
    after: Option<AssignmentId>,
    limit: u32,
) -> sqlx::Result<Vec<AssignmentId>> {
    query_scalar(
        "SELECT id FROM assignments WHERE status = 'active' AND next_due_at IS NULL AND id > $1
         ORDER BY id LIMIT $2",
    )
    .bind(after.map_or_else(String::new, |id| id.to_string()))
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Completes the assignments of messages that were just answered, where nothing can come any
/// more.
pub(crate) async fn complete_answered(
    conn: &mut Conn,
    answered: &[DeliveryId],
    now: Timestamp,
) -> sqlx::Result<u64> {
    let ids: Vec<AssignmentId> = query_scalar(
        "SELECT DISTINCT a.id FROM deliveries d JOIN assignments a ON a.id = d.assignment_id
         WHERE d.id IN (SELECT value FROM json_each($1)) AND a.status = 'active' AND a.next_due_at IS NULL",
    )
    .bind(json_rows(answered)?)
    .fetch_all(&mut *conn)
    .await?;
    if ids.is_empty() { Ok(0) } else { complete_finished(conn, &ids, now).await }
}
