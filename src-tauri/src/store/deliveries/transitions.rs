//! Changes of a delivery by an attempt, by staff or by an answer.

use const_format::formatcp;
use serde::Serialize;

use super::{freshness::Extended, waiting::DueDelivery};
use crate::{
    clock::Timestamp,
    domain::delivery::{Cause, State},
    ids::{AssignmentId, DeliveryId, RecurrenceId},
    store::{
        Conn,
        fragments::{
            ATTENTION_STATES, CANCELLABLE_STATES, CAUSE_OR_IN_DOUBT, HELD_BY_STAFF, NONE_OR_IN_DOUBT,
            OPEN_STATES, PASSING_CAUSES, RETRIED_ASSIGNMENTS, SINGLE_CAUSES, UNQUEUED_STATES, WAITING_STATES,
            within_key_life,
        },
        interactions::Quoted,
        json_rows,
        sql::{query, query_as, query_scalar},
    },
};

/// The result of one attempt, or of the gate before it; the statement reads the fields by name.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outcome {
    pub(crate) id: DeliveryId,
    pub(crate) state: State,
    /// Whether an attempt was used up: 0 or 1.
    pub(crate) attempt_used: i64,
    /// When the attempt began, milliseconds; `None` where none was made.
    pub(crate) attempted_at: Option<i64>,
    /// When it is tried next, milliseconds; `None` where it waits for an act.
    pub(crate) next_attempt_at: Option<i64>,
    /// When LINE may have taken it without our knowing; milliseconds.
    pub(crate) maybe_sent_at: Option<i64>,
    /// Its new end of freshness, milliseconds, where a rule of ours made it wait.
    pub(crate) expires_at: Option<i64>,
    /// When LINE accepted it, milliseconds; `None` where it did not.
    pub(crate) accepted_at: Option<i64>,
    /// LINE's ids of the message objects, as JSON text.
    pub(crate) line_message_ids: Option<String>,
    /// `X-Line-Request-Id` of LINE's answer.
    pub(crate) line_request_id: Option<String>,
    pub(crate) cause: Option<Cause>,
    pub(crate) http_status: Option<i64>,
    /// The words of LINE or of the connection, in English.
    pub(crate) error_text: Option<String>,
    /// Whether somebody else had settled it before: then only its job ends.
    #[serde(skip)]
    pub(crate) settled: bool,
}

/// Writes a batch of results. A delivery that was cancelled meanwhile stays cancelled, unless LINE
/// accepted it: then it counts as sent. A row that LINE may have says so, and is not sent by itself
/// once LINE may have forgotten its key.
pub(crate) async fn record(conn: &mut Conn, batch: &[Outcome], now: Timestamp) -> sqlx::Result<()> {
    const FRESH_AFTER_ATTEMPT: &str = within_key_life!(
        "COALESCE(j.expires_at, deliveries.expires_at)",
        since "COALESCE(deliveries.maybe_sent_at, j.maybe_sent_at)"
    );
    let rows: Vec<_> = batch.iter().filter(|o| !o.settled).collect();
    let rows = json_rows(&rows)?;
    query(formatcp!(
        "WITH given AS MATERIALIZED (SELECT value AS one FROM json_each($1))
         UPDATE deliveries SET state = j.state,
            attempts = deliveries.attempts + j.attempt_used,
            round_attempts = deliveries.round_attempts + j.attempt_used,
            first_attempt_at = COALESCE(deliveries.first_attempt_at, j.attempted_at),
            last_attempt_at = COALESCE(j.attempted_at, deliveries.last_attempt_at),
            next_attempt_at = j.next_attempt_at,
            maybe_sent_at = COALESCE(deliveries.maybe_sent_at, j.maybe_sent_at),
            expires_at = {FRESH_AFTER_ATTEMPT},
            accepted_at = j.accepted_at,
            answer_by = CASE j.state WHEN 'sent' THEN j.accepted_at + deliveries.answer_window_ms END,
            line_message_ids = COALESCE(j.line_message_ids, deliveries.line_message_ids),
            line_request_id = COALESCE(j.line_request_id, deliveries.line_request_id),
            cause = j.cause, http_status = j.http_status, error_text = j.error_text,
            updated_at = $2
         FROM (SELECT one ->> 'id' AS id, one ->> 'state' AS state,
                CAST(one ->> 'attempt_used' AS BIGINT) AS attempt_used,
                CAST(one ->> 'attempted_at' AS BIGINT) AS attempted_at,
                CAST(one ->> 'next_attempt_at' AS BIGINT) AS next_attempt_at,
                CAST(one ->> 'maybe_sent_at' AS BIGINT) AS maybe_sent_at,
                CAST(one ->> 'expires_at' AS BIGINT) AS expires_at,
                CAST(one ->> 'accepted_at' AS BIGINT) AS accepted_at,
                one ->> 'line_message_ids' AS line_message_ids, one ->> 'line_request_id' AS line_request_id,
                one ->> 'cause' AS cause, CAST(one ->> 'http_status' AS BIGINT) AS http_status,
                one ->> 'error_text' AS error_text
            FROM given) AS j
         WHERE deliveries.id = j.id
            AND (deliveries.state = 'queued' OR (j.state = 'sent' AND deliveries.state <> 'sent'))"
    ))
    .bind(&rows)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    if batch.iter().all(|o| o.maybe_sent_at.is_none()) {
        return Ok(());
    }
    note_doubt(conn, &rows, now).await
}

/// Notes on deliveries cancelled meanwhile that LINE may have them.
async fn note_doubt(conn: &mut Conn, rows: &str, now: Timestamp) -> sqlx::Result<()> {
    query(
        "WITH given AS MATERIALIZED (SELECT value AS one FROM json_each($1))
         UPDATE deliveries SET maybe_sent_at = COALESCE(deliveries.maybe_sent_at, j.maybe_sent_at),
            attempts = deliveries.attempts + j.attempt_used, cause = 'outcome_unknown',
            error_text = j.error_text, updated_at = $2
         FROM (SELECT one ->> 'id' AS id, CAST(one ->> 'attempt_used' AS BIGINT) AS attempt_used,
                CAST(one ->> 'maybe_sent_at' AS BIGINT) AS maybe_sent_at, one ->> 'error_text' AS error_text
            FROM given WHERE one ->> 'maybe_sent_at' IS NOT NULL) AS j
         WHERE deliveries.id = j.id AND deliveries.state = 'cancelled'",
    )
    .bind(rows)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Cancels at `$2`.
const CANCEL: &str = formatcp!(
    "UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL, updated_at = $2,
        cause = {CAUSE_OR_IN_DOUBT}"
);

#[derive(Clone, Copy, Debug)]
pub(crate) enum Open {
    /// One delivery, even if it failed or waits for a person.
    One(DeliveryId),
    OfAssignment(AssignmentId),
    OfRecurrence(RecurrenceId),
}

/// Returns the ids of those that were open.
pub(crate) async fn cancel(conn: &mut Conn, which: Open, now: Timestamp) -> sqlx::Result<Vec<DeliveryId>> {
    const ONE: &str = formatcp!(
        "{CANCEL} WHERE id = $1 AND state IN {CANCELLABLE_STATES}
         RETURNING id"
    );
    const OF_ASSIGNMENT: &str = formatcp!(
        "{CANCEL} WHERE assignment_id = $1 AND state IN {OPEN_STATES}
         RETURNING id"
    );
    const OF_RECURRENCE: &str = formatcp!(
        "{CANCEL} WHERE recurrence_id = $1 AND state IN {OPEN_STATES}
         RETURNING id"
    );
    let (cancel, id) = match which {
        Open::One(id) => (ONE, id.to_string()),
        Open::OfAssignment(id) => (OF_ASSIGNMENT, id.to_string()),
        Open::OfRecurrence(id) => (OF_RECURRENCE, id.to_string()),
    };
    query_scalar(cancel).bind(id).bind(now).fetch_all(conn).await
}

/// Cancels those of these deliveries that wait for their time. Returns their ids.
pub(crate) async fn cancel_waiting(
    conn: &mut Conn,
    ids: &[DeliveryId],
    now: Timestamp,
) -> sqlx::Result<Vec<DeliveryId>> {
    query_scalar(formatcp!(
        "{CANCEL} WHERE id IN (SELECT value FROM json_each($1)) AND state IN {WAITING_STATES}
         RETURNING id"
    ))
    .bind(json_rows(ids)?)
    .bind(now)
    .fetch_all(conn)
    .await
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct AnotherTime {
    pub(crate) due_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// Whether staff hold it back from then on.
    pub(crate) held: bool,
}

/// Moves a delivery that is scheduled or held by staff, and has its body made anew. Returns whether
/// it was still in such a state.
pub(crate) async fn move_to(
    conn: &mut Conn,
    id: DeliveryId,
    to: AnotherTime,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let moved = query(formatcp!(
        "UPDATE deliveries SET state = CASE WHEN $5 THEN 'held' ELSE 'scheduled' END,
            cause = CASE WHEN $5 THEN 'held_by_staff' END, due_at = $2,
            next_attempt_at = CASE WHEN $5 THEN NULL ELSE CAST($2 AS BIGINT) END,
            expires_at = $3, body = NULL, recipient = NULL, updated_at = $4
         WHERE id = $1 AND recurrence_id IS NULL AND maybe_sent_at IS NULL
            AND (state = 'scheduled' OR {HELD_BY_STAFF})"
    ))
    .bind(id)
    .bind(to.due_at)
    .bind(to.expires_at)
    .bind(now)
    .bind(to.held)
    .execute(conn)
    .await?;
    Ok(moved.rows_affected() > 0)
}

/// Holds back an open delivery, even one held for something else. Returns whether it could. End its
/// job in the same transaction.
pub(crate) async fn hold_back(conn: &mut Conn, id: DeliveryId, now: Timestamp) -> sqlx::Result<bool> {
    let held = query(formatcp!(
        "UPDATE deliveries SET state = 'held', cause = 'held_by_staff', next_attempt_at = NULL,
            updated_at = $2
         WHERE id = $1 AND recurrence_id IS NULL AND state IN {OPEN_STATES}"
    ))
    .bind(id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(held.rows_affected() > 0)
}

/// Returns a delivery held by staff to its wait, until its time or now where that is past; the gate
/// decides anew. Returns whether it was held by staff.
pub(crate) async fn release(conn: &mut Conn, id: DeliveryId, now: Timestamp) -> sqlx::Result<bool> {
    let released = query(formatcp!(
        "UPDATE deliveries SET cause = {NONE_OR_IN_DOUBT},
            state = CASE WHEN attempts = 0 AND maybe_sent_at IS NULL THEN 'scheduled' ELSE 'retrying' END,
            next_attempt_at = CASE WHEN due_at > $2 THEN due_at ELSE $2 END, updated_at = $2
         WHERE id = $1 AND {HELD_BY_STAFF}"
    ))
    .bind(id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(released.rows_affected() > 0)
}

/// Puts failed deliveries back in the queue for another round and returns them: those that failed
/// for a passing cause and are still fresh.
pub(crate) async fn sweep(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<Vec<DueDelivery>> {
    query_as(formatcp!(
        "UPDATE deliveries SET state = 'queued', round_attempts = 0, updated_at = $1
         WHERE id IN (SELECT d.id FROM deliveries d
            LEFT JOIN assignments a ON a.id = d.assignment_id
            WHERE d.state = 'failed' AND d.expires_at > $1
            AND d.cause IN {PASSING_CAUSES}
            AND (a.status IS NULL OR a.status = 'active')
            ORDER BY d.updated_at LIMIT $2)
         RETURNING id, state, priority"
    ))
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Puts deliveries a person wants sent back in the queue for another round, or lets them wait for
/// `not_before`; each is fresh until its instant or its own, whichever is later, or until LINE forgets
/// its key. Returns those whose state allowed it, of a follow-up that takes retries.
pub(crate) async fn retry(
    conn: &mut Conn,
    batch: &[Extended],
    not_before: Option<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<Vec<DueDelivery>> {
    const FRESH_AFTER_RETRY: &str = within_key_life!(
        "CASE WHEN expires_at > given.fresh_until THEN expires_at ELSE given.fresh_until END",
        since "maybe_sent_at"
    );
    query_as(formatcp!(
        "UPDATE deliveries SET round_attempts = 0, crash_starts = 0, next_attempt_at = $3,
            retried_from = state, retried_expires_at = expires_at,
            state = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN 'queued' ELSE 'retrying' END,
            expires_at = {FRESH_AFTER_RETRY}, updated_at = $2
         FROM (SELECT d.id, CAST(j.value ->> 1 AS BIGINT) AS fresh_until
            FROM json_each($1) j
            JOIN deliveries d ON d.id = j.value ->> 0
            LEFT JOIN assignments a ON a.id = d.assignment_id
            WHERE COALESCE(a.status, 'active') IN {RETRIED_ASSIGNMENTS}) AS given
         WHERE deliveries.id = given.id AND state IN {ATTENTION_STATES}
         RETURNING deliveries.id AS id, state, priority"
    ))
    .bind(Extended::rows(batch)?)
    .bind(now)
    .bind(not_before)
    .fetch_all(conn)
    .await
}

/// Takes back a retry that still waits: the message stands as it stood before, with the freshness it
/// had. `false` where it waited no longer.
pub(crate) async fn undo_retry(conn: &mut Conn, id: DeliveryId, now: Timestamp) -> sqlx::Result<bool> {
    let undone = query(formatcp!(
        "UPDATE deliveries SET next_attempt_at = NULL, updated_at = $2,
            state = COALESCE(retried_from, 'review'),
            expires_at = COALESCE(retried_expires_at, expires_at),
            retried_from = NULL, retried_expires_at = NULL
         WHERE id = $1 AND state = 'retrying' AND round_attempts = 0"
    ))
    .bind(id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(undone.rows_affected() > 0)
}

/// Up to `limit` deliveries that failed or wait for a person and can be sent again as they
/// are: for no cause that needs a look at each, of a follow-up that takes retries, and not perhaps
/// sent so long ago that LINE may have forgotten their key (`oldest_known_key`).
pub(crate) async fn retryable_together(
    conn: &mut Conn,
    oldest_known_key: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<DeliveryId>> {
    query_scalar(formatcp!(
        "SELECT d.id FROM deliveries d LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.state IN {ATTENTION_STATES}
            AND d.cause NOT IN {SINGLE_CAUSES}
            AND (d.maybe_sent_at IS NULL OR d.maybe_sent_at >= $1)
            AND COALESCE(a.status, 'active') IN {RETRIED_ASSIGNMENTS}
         ORDER BY d.updated_at LIMIT $2"
    ))
    .bind(oldest_known_key)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Marks messages as sent, since an answer proves it, whatever was recorded.
pub(crate) async fn prove_sent(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    query(formatcp!(
        "UPDATE deliveries SET state = 'sent', accepted_at = COALESCE(last_attempt_at, $2), cause = NULL,
            next_attempt_at = NULL, updated_at = $2
         WHERE id IN (SELECT value FROM json_each($1))
            AND state IN {UNQUEUED_STATES}"
    ))
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the videos of these messages were watched to their end; only the first time counts.
pub(crate) async fn watched(conn: &mut Conn, watched: &[Quoted]) -> sqlx::Result<()> {
    if watched.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = watched.iter().map(|w| serde_json::json!([w.id, w.at.as_millis()])).collect();
    query(
        "UPDATE deliveries SET watched_at = j.at
         FROM (SELECT value ->> 0 AS id,
            MIN(CAST(value ->> 1 AS BIGINT)) AS at FROM json_each($1) GROUP BY 1) AS j
         WHERE deliveries.id = j.id AND deliveries.watched_at IS NULL",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}
