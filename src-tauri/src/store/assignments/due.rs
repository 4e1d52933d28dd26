//! The next due times of assignments.

use const_format::formatcp;

use super::rows::{Assignment, SELECT};
use crate::{
    clock::Timestamp,
    ids::AssignmentId,
    store::{
        Conn, Cursor,
        deliveries::HourCount,
        json_rows,
        sql::{Pool, query, query_as, query_scalar},
    },
};

/// The active assignments with the earliest `next_due_at` up to `now`.
pub(crate) async fn due(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<Vec<Assignment>> {
    query_as(formatcp!(
        "{SELECT} WHERE a.status = 'active' AND a.next_due_at <= $1 ORDER BY a.next_due_at LIMIT $2"
    ))
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub(crate) async fn next_due_at(pool: &Pool) -> sqlx::Result<Option<Timestamp>> {
    query_scalar(
        "SELECT next_due_at FROM assignments WHERE status = 'active' AND next_due_at IS NOT NULL
         ORDER BY next_due_at LIMIT 1",
    )
    .fetch_optional(pool)
    .await
}

/// The active assignments by their next step, the soonest first, for looking ahead.
pub(crate) async fn coming_up(pool: &Pool, after: &Cursor, limit: u32) -> sqlx::Result<Vec<Assignment>> {
    query_as(formatcp!(
        "{SELECT} WHERE a.status = 'active' AND a.next_due_at IS NOT NULL
            AND (a.next_due_at, a.id) > ($1, $2)
         ORDER BY a.next_due_at, a.id LIMIT $3"
    ))
    .bind(after.at)
    .bind(&after.id)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// Active assignments whose next step is due in `from..to`, counted by the hour since `from`;
/// overdue ones count in the first hour.
pub(crate) async fn due_by_hour(pool: &Pool, from: Timestamp, to: Timestamp) -> sqlx::Result<Vec<HourCount>> {
    query_as(
        "SELECT CASE WHEN next_due_at > $1 THEN (next_due_at - $1) / 3600000 ELSE 0 END AS hour, COUNT(*) AS count FROM assignments
         WHERE status = 'active' AND next_due_at < $2 GROUP BY 1",
    )
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await
}

#[derive(Clone, Copy, Debug, serde::Serialize)]
pub(crate) struct Progress {
    pub(crate) id: AssignmentId,
    /// The instant up to which, included, everything due has its delivery; milliseconds.
    pub(crate) planned_through: i64,
    /// When the next step is due, in milliseconds; `None` where nothing is ahead.
    pub(crate) next_due_at: Option<i64>,
    /// The order of the latest step that came due.
    pub(crate) current_step: i64,
}

/// Moves the watermarks of a batch of assignments.
pub(crate) async fn advance(conn: &mut Conn, batch: &[Progress], now: Timestamp) -> sqlx::Result<()> {
    query(
        "UPDATE assignments SET planned_through = j.planned_through, next_due_at = j.next_due_at,
            current_step = CASE WHEN j.current_step > assignments.current_step
                THEN j.current_step ELSE assignments.current_step END, updated_at = $2
         FROM (SELECT value ->> 'id' AS id, CAST(value ->> 'planned_through' AS BIGINT) AS planned_through,
                CAST(value ->> 'next_due_at' AS BIGINT) AS next_due_at,
                CAST(value ->> 'current_step' AS BIGINT) AS current_step
            FROM json_each($1)) AS j
         WHERE assignments.id = j.id",
    )
    .bind(json_rows(batch)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The active assignments with a step ahead of patients without a zone of their own, by id, after
/// `after`.
pub(crate) async fn active_in_clinic_zone(
    conn: &mut Conn,
    after: Option<AssignmentId>,
    limit: u32,
) -> sqlx::Result<Vec<Assignment>> {
    query_as(formatcp!(
        "{SELECT} WHERE a.id > $1 AND a.status = 'active' AND a.next_due_at IS NOT NULL
            AND p.time_zone IS NULL
         ORDER BY a.id LIMIT $2"
    ))
    .bind(after.map(|id| id.to_string()).unwrap_or_default())
    .bind(limit)
    .fetch_all(conn)
    .await
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct NextDue {
    pub(crate) id: AssignmentId,
    pub(crate) at: Option<Timestamp>,
}

/// Sets when these assignments are due next; how far they are planned stays.
pub(crate) async fn set_next_due(conn: &mut Conn, batch: &[NextDue], now: Timestamp) -> sqlx::Result<()> {
    let rows: Vec<_> =
        batch.iter().map(|next| serde_json::json!([next.id, next.at.map(Timestamp::as_millis)])).collect();
    query(
        "UPDATE assignments SET next_due_at = j.at, updated_at = $2
         FROM (SELECT value ->> 0 AS id, CAST(value ->> 1 AS BIGINT) AS at FROM json_each($1)) AS j
         WHERE assignments.id = j.id",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
