//! Recovery after a crash, and of lost jobs.

use super::waiting::DueDelivery;
use crate::{
    clock::Timestamp,
    ids::DeliveryId,
    store::{
        Conn,
        fragments::{CLAIMED_JOBS, UNFINISHED_JOBS, within_key_life},
        json_rows,
        sql::{Pool, query, query_as, query_scalar},
    },
};
use const_format::formatcp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InFlightAtEnd {
    pub(crate) id: DeliveryId,
    /// Whether the program was at work on it, rather than waiting for LINE.
    pub(crate) at_work: bool,
}

/// Counts one more crash for each delivery the program was at work on when it ended, and notes that
/// LINE may have all that were being sent. Returns those that somebody had cancelled meanwhile.
pub(crate) async fn count_crash(
    conn: &mut Conn,
    in_flight: &[InFlightAtEnd],
    now: Timestamp,
) -> sqlx::Result<Vec<DeliveryId>> {
    const FRESH_AFTER_CRASH: &str = within_key_life!("expires_at", since "COALESCE(maybe_sent_at, $2)");
    if in_flight.is_empty() {
        return Ok(Vec::new());
    }
    let crashed: Vec<_> = in_flight.iter().map(|d| (d.id, i32::from(d.at_work))).collect();
    let ids: Vec<_> = in_flight.iter().map(|d| d.id).collect();
    let ids = json_rows(&ids)?;
    query(formatcp!(
        "UPDATE deliveries SET crash_starts = crash_starts + j.crashes, updated_at = $2,
            maybe_sent_at = COALESCE(maybe_sent_at, $2), expires_at = {FRESH_AFTER_CRASH}
         FROM (SELECT value ->> 0 AS id, CAST(value ->> 1 AS BIGINT) AS crashes FROM json_each($1)) AS j
         WHERE deliveries.id = j.id AND state = 'queued'"
    ))
    .bind(json_rows(&crashed)?)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query_scalar(
        "UPDATE deliveries SET maybe_sent_at = COALESCE(maybe_sent_at, $2), cause = 'outcome_unknown',
            updated_at = $2
         WHERE id IN (SELECT value FROM json_each($1)) AND state = 'cancelled'
         RETURNING id",
    )
    .bind(&ids)
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Notes that LINE may have every delivery whose job was claimed in `queue` when the program ended,
/// since the claim. A claim is always on disk before anything is sent.
pub(crate) async fn count_claimed(conn: &mut Conn, queue: &str, now: Timestamp) -> sqlx::Result<u64> {
    const FRESH_AFTER_CLAIM: &str = within_key_life!("deliveries.expires_at", since "j.claimed_at");
    let done = query(formatcp!(
        "UPDATE deliveries SET maybe_sent_at = CASE
                WHEN deliveries.maybe_sent_at < j.claimed_at THEN deliveries.maybe_sent_at ELSE j.claimed_at END,
            expires_at = {FRESH_AFTER_CLAIM}
         FROM (SELECT idempotency_key AS id, COALESCE(lock_at * 1000, $2) AS claimed_at FROM Jobs
            WHERE job_type = $1 AND status IN {CLAIMED_JOBS}) AS j
         WHERE deliveries.id = j.id AND deliveries.state = 'queued'"
    ))
    .bind(queue)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Deliveries queued since before `since` without a ready job, the longest first: the job is gone,
/// or was claimed by somebody who did not run it.
pub(crate) async fn stuck(
    pool: &Pool,
    queues: &[&str],
    since: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<DueDelivery>> {
    query_as(formatcp!(
        "SELECT d.id, d.state, d.priority FROM deliveries d
         WHERE d.state = 'queued' AND d.updated_at < $2 AND NOT EXISTS (
            SELECT 1 FROM Jobs j
            WHERE j.job_type IN (SELECT value FROM json_each($1)) AND j.idempotency_key = d.id
            AND (COALESCE(j.status, '') = 'Pending' OR (COALESCE(j.status, '') IN {CLAIMED_JOBS} AND j.lock_at * 1000 >= $2)))
         ORDER BY d.updated_at LIMIT $3"
    ))
    .bind(json_rows(queues)?)
    .bind(since)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// Queued deliveries without a job; even a crash leaves none, so this heals what should not happen.
pub(crate) async fn queued_without_job(
    conn: &mut Conn,
    queues: &[&str],
    limit: u32,
) -> sqlx::Result<Vec<DueDelivery>> {
    query_as(formatcp!(
        "SELECT d.id, d.state, d.priority FROM deliveries d
         WHERE d.state = 'queued' AND NOT EXISTS (
            SELECT 1 FROM Jobs j
            WHERE j.job_type IN (SELECT value FROM json_each($1)) AND j.idempotency_key = d.id
            AND COALESCE(j.status, '') IN {UNFINISHED_JOBS})
         LIMIT $2"
    ))
    .bind(json_rows(queues)?)
    .bind(limit)
    .fetch_all(conn)
    .await
}
