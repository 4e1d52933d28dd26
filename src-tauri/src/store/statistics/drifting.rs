//! Patients who stopped answering.

use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    ids::PatientId,
    store::sql::{Pool, query_as},
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Drifting {
    pub(crate) patient_id: PatientId,
    pub(crate) display_name: String,
    /// Unanswered questions in a row, up to the latest.
    pub(crate) missed_in_a_row: i64,
    /// When the first of them went out.
    pub(crate) since: Timestamp,
    pub(crate) answered_at: Option<Timestamp>,
}

/// Patients in care who missed at least `least` questions since `from` and answered none of their
/// last `least`; those with the most in a row first, at most `limit`.
pub(crate) async fn drifting(
    pool: &Pool,
    from: Timestamp,
    least: u32,
    limit: u32,
) -> sqlx::Result<Vec<Drifting>> {
    query_as(
        "WITH missed AS (
            SELECT user_id FROM interaction_logs
            WHERE listed_status = 'missed' AND created_at >= $1
            GROUP BY user_id HAVING COUNT(*) >= $2
         ), answered AS (
            SELECT m.user_id,
                (SELECT a.created_at FROM interaction_logs a
                 WHERE a.user_id = m.user_id AND a.status = 'responded'
                 ORDER BY a.created_at DESC LIMIT 1) AS asked_at,
                (SELECT a.responded_at FROM interaction_logs a
                 WHERE a.user_id = m.user_id AND a.status = 'responded'
                 ORDER BY a.created_at DESC LIMIT 1) AS answered_at
            FROM missed m
         )
         SELECT p.id AS patient_id, p.display_name, COUNT(*) AS missed_in_a_row,
            MIN(i.created_at) AS since, MAX(l.answered_at) AS answered_at
         FROM answered l
         JOIN patients p ON p.id = l.user_id
         JOIN interaction_logs i ON i.user_id = l.user_id
         WHERE p.status = 'active' AND i.status = 'missed' AND i.created_at > COALESCE(l.asked_at, 0)
         GROUP BY p.id, p.display_name HAVING COUNT(*) >= $2
         ORDER BY missed_in_a_row DESC, since, p.id LIMIT $3",
    )
    .bind(from)
    .bind(least)
    .bind(limit)
    .fetch_all(pool)
    .await
}
