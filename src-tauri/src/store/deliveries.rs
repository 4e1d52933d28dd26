//! Deliveries: one message to one patient, from planned to sent.

use serde::Serialize;
use serde_json::Value;
use sqlx::{FromRow, QueryBuilder, Row, Sqlite, SqlitePool, sqlite::SqliteRow};

use super::{Conn, Cursor, Page, from_json, json_rows, to_json};
use crate::{
    clock::Timestamp,
    domain::{
        assignment,
        delivery::{Cause, KEY_LIFE_MS, Priority, State},
        feedback::Feedback,
        message::MessageType,
        patient::{self, Reachability},
        protocol::WhenUnreachable,
    },
    ids::{AssignmentId, DeliveryId, PatientId, ProtocolId, RecurrenceId, StepId},
};

/// A delivery as staff see it.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its id, and LINE's retry key.
    pub id: DeliveryId,
    /// To whom.
    pub patient_id: PatientId,
    /// The patient's name.
    pub patient_name: String,
    /// Of which assignment; `None` for a one-off message.
    pub assignment_id: Option<AssignmentId>,
    /// Of which protocol.
    pub protocol_id: ProtocolId,
    /// Of which step.
    pub step_id: StepId,
    /// Of which repetition.
    pub recurrence_id: Option<RecurrenceId>,
    /// What kind of message.
    pub message_type: MessageType,
    /// What it says.
    pub content: Value,
    /// What it asks.
    pub feedback: Option<Feedback>,
    /// Which of several goes first.
    pub priority: Priority,
    /// Where it stands.
    pub state: State,
    /// When it was or is due.
    pub due_at: Timestamp,
    /// Not sent by itself after this.
    pub expires_at: Timestamp,
    /// When it is tried next.
    pub next_attempt_at: Option<Timestamp>,
    /// Attempts so far.
    pub attempts: i64,
    /// When it was first tried.
    pub first_attempt_at: Option<Timestamp>,
    /// When it was last tried.
    pub last_attempt_at: Option<Timestamp>,
    /// When LINE accepted it.
    pub accepted_at: Option<Timestamp>,
    /// LINE's ids of the message objects.
    pub line_message_ids: Vec<String>,
    /// LINE's id of the request.
    pub line_request_id: Option<String>,
    /// Why it failed or waits.
    pub cause: Option<Cause>,
    /// LINE's status.
    pub http_status: Option<i64>,
    /// LINE's words, or ours.
    pub error_text: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl FromRow<'_, SqliteRow> for Delivery {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let feedback: Option<&str> = row.try_get("feedback")?;
        Ok(Self {
            id: row.try_get("id")?,
            patient_id: row.try_get("patient_id")?,
            patient_name: row.try_get("patient_name")?,
            assignment_id: row.try_get("assignment_id")?,
            protocol_id: row.try_get("protocol_id")?,
            step_id: row.try_get("step_id")?,
            recurrence_id: row.try_get("recurrence_id")?,
            message_type: row.try_get("message_type")?,
            content: from_json(row.try_get("content")?)?,
            feedback: feedback.map(from_json).transpose()?,
            priority: row.try_get("priority")?,
            state: row.try_get("state")?,
            due_at: row.try_get("due_at")?,
            expires_at: row.try_get("expires_at")?,
            next_attempt_at: row.try_get("next_attempt_at")?,
            attempts: row.try_get("attempts")?,
            first_attempt_at: row.try_get("first_attempt_at")?,
            last_attempt_at: row.try_get("last_attempt_at")?,
            accepted_at: row.try_get("accepted_at")?,
            line_message_ids: from_json(row.try_get("line_message_ids")?)?,
            line_request_id: row.try_get("line_request_id")?,
            cause: row.try_get("cause")?,
            http_status: row.try_get("http_status")?,
            error_text: row.try_get("error_text")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

const SELECT: &str =
    "SELECT d.*, p.display_name AS patient_name FROM deliveries d JOIN patients p ON p.id = d.patient_id";

/// A new delivery, for writing.
#[derive(Clone, Debug)]
pub struct New {
    /// Its id.
    pub id: DeliveryId,
    /// To whom.
    pub patient_id: PatientId,
    /// Of which assignment.
    pub assignment_id: Option<AssignmentId>,
    /// Of which protocol.
    pub protocol_id: ProtocolId,
    /// Of which step.
    pub step_id: StepId,
    /// Which time of the step.
    pub occurrence: i64,
    /// Of which repetition.
    pub recurrence_id: Option<RecurrenceId>,
    /// What kind of message.
    pub message_type: MessageType,
    /// What it says.
    pub content: Value,
    /// What it asks.
    pub feedback: Option<Feedback>,
    /// The bytes for LINE.
    pub body: Option<String>,
    /// The LINE user they name.
    pub recipient: Option<String>,
    /// Which of several goes first.
    pub priority: Priority,
    /// Where it begins: scheduled, queued or review.
    pub state: State,
    /// Why it begins in review.
    pub cause: Option<Cause>,
    /// When it is due.
    pub due_at: Timestamp,
    /// Not sent by itself after this.
    pub expires_at: Timestamp,
    /// The caller's own key.
    pub idempotency_key: Option<String>,
    /// What becomes of it while the patient cannot be reached.
    pub when_unreachable: WhenUnreachable,
    /// How often its question was postponed before.
    pub postponed: u32,
}

/// Stores a batch and returns the ids of those that were not there yet.
///
/// # Errors
/// The database failed.
pub async fn insert(conn: &mut Conn, batch: &[New], now: Timestamp) -> sqlx::Result<Vec<DeliveryId>> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let rows = batch
        .iter()
        .map(|d| {
            let next = (d.state == State::Scheduled).then_some(d.due_at.as_millis());
            Ok(serde_json::json!([
                d.id,
                d.patient_id,
                d.assignment_id,
                d.protocol_id,
                d.step_id,
                d.occurrence,
                d.recurrence_id,
                d.message_type,
                to_json(&d.content)?,
                d.feedback.as_ref().map(to_json).transpose()?,
                d.body,
                d.recipient,
                d.priority,
                d.state,
                d.due_at.as_millis(),
                d.expires_at.as_millis(),
                next,
                d.cause,
                d.idempotency_key,
                d.when_unreachable,
                d.feedback.as_ref().map(Feedback::answer_window_ms),
                d.postponed,
            ]))
        })
        .collect::<sqlx::Result<Vec<_>>>()?;
    sqlx::query_scalar(
        "INSERT INTO deliveries (id, patient_id, assignment_id, protocol_id, step_id, occurrence,
            recurrence_id, message_type, content, feedback, body, recipient, priority, state,
            due_at, expires_at, next_attempt_at, cause, idempotency_key, when_unreachable,
            answer_window_ms, postponed, created_at, updated_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
            value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11,
            value ->> 12, value ->> 13, value ->> 14, value ->> 15, value ->> 16, value ->> 17,
            value ->> 18, value ->> 19, value ->> 20, value ->> 21, $2, $2
         FROM json_each($1) WHERE true
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .fetch_all(conn)
    .await
}

/// One delivery.
///
/// # Errors
/// The database failed.
pub async fn get(conn: &mut Conn, id: DeliveryId) -> sqlx::Result<Option<Delivery>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE d.id = $1")))
        .bind(id)
        .fetch_optional(conn)
        .await
}

/// The deliveries under these ids that exist, in no order.
///
/// # Errors
/// The database failed.
pub async fn get_many(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<Delivery>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE d.id IN (SELECT value FROM json_each($1))")))
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}

/// The ids that went with these idempotency keys.
///
/// # Errors
/// The database failed.
pub async fn by_idempotency_keys(conn: &mut Conn, keys: &[&str]) -> sqlx::Result<Vec<(String, DeliveryId)>> {
    sqlx::query_as(
        "SELECT idempotency_key, id FROM deliveries
         WHERE idempotency_key IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(keys)?)
    .fetch_all(conn)
    .await
}

/// What a list of deliveries is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// One patient's.
    pub patient_id: Option<PatientId>,
    /// One assignment's.
    pub assignment_id: Option<AssignmentId>,
    /// Those that stand there.
    pub state: Option<State>,
}

/// Deliveries from the latest due to the earliest.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &SqlitePool,
    filter: Filter,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Delivery>> {
    let mut query = QueryBuilder::<Sqlite>::new(SELECT);
    query.push(" WHERE (d.due_at, d.id) < (").push_bind(after.at);
    query.push(", ").push_bind(after.id.clone()).push(")");
    if let Some(id) = filter.patient_id {
        query.push(" AND d.patient_id = ").push_bind(id);
    }
    if let Some(id) = filter.assignment_id {
        query.push(" AND d.assignment_id = ").push_bind(id);
    }
    if let Some(state) = filter.state {
        query.push(" AND d.state = ").push_bind(state);
    }
    query.push(" ORDER BY d.due_at DESC, d.id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    let rows: Vec<Delivery> = query.build_query_as().fetch_all(pool).await?;
    Ok(Page::cut(rows, limit, |d| Cursor { at: d.due_at.as_millis(), id: d.id.to_string() }))
}

/// Deliveries that failed or wait for a person, from the latest change to the earliest.
///
/// # Errors
/// The database failed.
pub async fn needing_attention(
    pool: &SqlitePool,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Delivery>> {
    let rows: Vec<Delivery> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE d.state IN ('failed', 'review') AND (d.updated_at, d.id) < ($1, $2)
         ORDER BY d.updated_at DESC, d.id DESC LIMIT $3"
    )))
    .bind(after.at)
    .bind(&after.id)
    .bind(i64::from(limit) + 1)
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(rows, limit, |d| Cursor { at: d.updated_at.as_millis(), id: d.id.to_string() }))
}

/// The deliveries that were sent or failed last.
///
/// # Errors
/// The database failed.
pub async fn latest_outcomes(pool: &SqlitePool, since: Timestamp, limit: u32) -> sqlx::Result<Vec<Delivery>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE d.id IN (SELECT id FROM interaction_logs WHERE created_at >= $1
            ORDER BY created_at DESC, id DESC LIMIT $2)
         ORDER BY COALESCE(d.accepted_at, d.last_attempt_at, d.updated_at) DESC, d.id DESC"
    )))
    .bind(since)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// How many deliveries failed or wait for a person.
///
/// # Errors
/// The database failed.
pub async fn count_needing_attention(pool: &SqlitePool) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM deliveries WHERE state IN ('failed', 'review')")
        .fetch_one(pool)
        .await
}

/// When the next waiting delivery has its turn.
///
/// # Errors
/// The database failed.
pub async fn next_attempt_at(pool: &SqlitePool) -> sqlx::Result<Option<Timestamp>> {
    sqlx::query_scalar(
        "SELECT next_attempt_at FROM deliveries WHERE state IN ('scheduled', 'retrying', 'held')
         ORDER BY next_attempt_at LIMIT 1",
    )
    .fetch_optional(pool)
    .await
}

/// A delivery whose time has come.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Ripe {
    /// Which.
    pub id: DeliveryId,
    /// Where it waited.
    pub state: State,
    /// Which of several goes first.
    pub priority: Priority,
}

/// Takes the deliveries whose time has come out of their wait: they are `queued` from now
/// on, and the caller enqueues a job for each in the same transaction.
///
/// # Errors
/// The database failed.
pub async fn take_ripe(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<Vec<Ripe>> {
    let ripe: Vec<Ripe> = sqlx::query_as(
        "SELECT id, state, priority FROM deliveries
         WHERE state IN ('scheduled', 'retrying', 'held') AND next_attempt_at <= $1
         ORDER BY next_attempt_at LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    if !ripe.is_empty() {
        let ids: Vec<_> = ripe.iter().map(|r| r.id).collect();
        sqlx::query(
            "UPDATE deliveries SET state = 'queued', next_attempt_at = NULL, updated_at = $2
             WHERE id IN (SELECT value FROM json_each($1))",
        )
        .bind(json_rows(&ids)?)
        .bind(now)
        .execute(conn)
        .await?;
    }
    Ok(ripe)
}

/// Takes the one delivery that waits longest for the channel, to see whether it is up again.
///
/// # Errors
/// The database failed.
pub async fn take_one_held(conn: &mut Conn, now: Timestamp) -> sqlx::Result<Vec<Ripe>> {
    sqlx::query_as(
        "UPDATE deliveries SET state = 'queued', next_attempt_at = NULL, updated_at = $1
         WHERE id IN (SELECT id FROM deliveries WHERE state = 'held' AND expires_at > $1
            AND cause IN ('line_unavailable', 'token_invalid', 'quota_exhausted')
            ORDER BY expires_at LIMIT 1)
         RETURNING id, state, priority",
    )
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Lets everything that is held try again now: the gate decides anew.
///
/// # Errors
/// The database failed.
pub async fn release_held(conn: &mut Conn, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query(
        "UPDATE deliveries SET next_attempt_at = $1 WHERE state = 'held' AND next_attempt_at > $1",
    )
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Everything `gate` and `compose` need to know, read in one go.
#[derive(Clone, Debug, FromRow)]
pub struct Facts {
    /// Which delivery.
    pub id: DeliveryId,
    /// Where it stands.
    pub state: State,
    /// To whom.
    pub patient_id: PatientId,
    /// Of which assignment.
    pub assignment_id: Option<AssignmentId>,
    /// What kind of message.
    pub message_type: MessageType,
    /// What it says, as JSON text.
    pub content: String,
    /// What it asks, as JSON text.
    pub feedback: Option<String>,
    /// The bytes for LINE.
    pub body: Option<String>,
    /// The LINE user they name.
    pub recipient: Option<String>,
    /// When it was due.
    pub due_at: Timestamp,
    /// Not sent by itself after this.
    pub expires_at: Timestamp,
    /// Attempts so far.
    pub attempts: i64,
    /// Attempts in this round.
    pub round_attempts: i64,
    /// How often the program ended while this was being sent.
    pub crash_starts: i64,
    /// When it was first tried.
    pub first_attempt_at: Option<Timestamp>,
    /// The patient's LINE user id now.
    pub line_user_id: Option<String>,
    /// The patient's standing.
    pub patient_status: patient::Status,
    /// What is known of the way to their LINE.
    pub reachability: Reachability,
    /// What becomes of it while they cannot be reached.
    pub when_unreachable: WhenUnreachable,
    /// When they agreed to get messages.
    pub consented_at: Option<Timestamp>,
    /// Their zone.
    pub time_zone: Option<String>,
    /// Where the assignment stands.
    pub assignment_status: Option<assignment::Status>,
    /// When LINE last accepted a message to this patient.
    pub last_accepted_at: Option<Timestamp>,
}

/// The facts of the deliveries under these ids. `with_pace` also looks up when LINE last
/// accepted a message to each patient.
///
/// # Errors
/// The database failed.
pub async fn facts(pool: &SqlitePool, ids: &[DeliveryId], with_pace: bool) -> sqlx::Result<Vec<Facts>> {
    const PLAIN: &str = "SELECT d.id, d.state, d.patient_id, d.assignment_id, d.message_type, d.content,
            d.feedback, d.body, d.recipient, d.due_at, d.expires_at, d.attempts, d.round_attempts,
            d.crash_starts, d.first_attempt_at, d.when_unreachable, p.line_user_id, p.status AS patient_status,
            p.reachability, p.consented_at, p.time_zone, a.status AS assignment_status,
            NULL AS last_accepted_at
         FROM deliveries d JOIN patients p ON p.id = d.patient_id
         LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.id IN (SELECT value FROM json_each($1))";
    const PACED: &str = "SELECT d.id, d.state, d.patient_id, d.assignment_id, d.message_type, d.content,
            d.feedback, d.body, d.recipient, d.due_at, d.expires_at, d.attempts, d.round_attempts,
            d.crash_starts, d.first_attempt_at, d.when_unreachable, p.line_user_id, p.status AS patient_status,
            p.reachability, p.consented_at, p.time_zone, a.status AS assignment_status,
            (SELECT MAX(o.accepted_at) FROM deliveries o WHERE o.patient_id = d.patient_id
                AND o.state = 'sent') AS last_accepted_at
         FROM deliveries d JOIN patients p ON p.id = d.patient_id
         LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.id IN (SELECT value FROM json_each($1))";
    sqlx::query_as(if with_pace { PACED } else { PLAIN }).bind(json_rows(ids)?).fetch_all(pool).await
}

/// Stores the bytes for LINE and whom they name, before the first attempt.
///
/// # Errors
/// The database failed.
pub async fn set_body(conn: &mut Conn, id: DeliveryId, body: &str, recipient: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE deliveries SET body = $2, recipient = $3 WHERE id = $1 AND attempts = 0")
        .bind(id)
        .bind(body)
        .bind(recipient)
        .execute(conn)
        .await?;
    Ok(())
}

/// What one attempt, or the gate before it, made of a delivery.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Which delivery.
    pub id: DeliveryId,
    /// Where it stands now.
    pub state: State,
    /// Whether an attempt was used up: 0 or 1.
    pub attempt_used: i64,
    /// When the attempt began; milliseconds.
    pub attempted_at: Option<i64>,
    /// When it is tried next; milliseconds.
    pub next_attempt_at: Option<i64>,
    /// When LINE accepted it; milliseconds.
    pub accepted_at: Option<i64>,
    /// LINE's ids of the message objects, as JSON text.
    pub line_message_ids: Option<String>,
    /// LINE's id of the request.
    pub line_request_id: Option<String>,
    /// Why it did not go out.
    pub cause: Option<Cause>,
    /// LINE's status.
    pub http_status: Option<i64>,
    /// LINE's words, or ours.
    pub error_text: Option<String>,
}

/// Writes a batch of outcomes. A delivery that was cancelled meanwhile stays cancelled,
/// unless LINE accepted it: then the truth is that it was sent.
///
/// # Errors
/// The database failed.
pub async fn record(conn: &mut Conn, batch: &[Outcome], now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE deliveries SET state = j.state,
            attempts = deliveries.attempts + j.attempt_used,
            round_attempts = deliveries.round_attempts + j.attempt_used,
            first_attempt_at = COALESCE(deliveries.first_attempt_at, j.attempted_at),
            last_attempt_at = COALESCE(j.attempted_at, deliveries.last_attempt_at),
            next_attempt_at = j.next_attempt_at,
            accepted_at = j.accepted_at,
            answer_by = CASE j.state WHEN 'sent' THEN j.accepted_at + deliveries.answer_window_ms END,
            line_message_ids = COALESCE(j.line_message_ids, deliveries.line_message_ids),
            line_request_id = COALESCE(j.line_request_id, deliveries.line_request_id),
            cause = j.cause, http_status = j.http_status, error_text = j.error_text,
            updated_at = $2
         FROM (SELECT value ->> 'id' AS id, value ->> 'state' AS state,
                value ->> 'attempt_used' AS attempt_used, value ->> 'attempted_at' AS attempted_at,
                value ->> 'next_attempt_at' AS next_attempt_at, value ->> 'accepted_at' AS accepted_at,
                value ->> 'line_message_ids' AS line_message_ids,
                value ->> 'line_request_id' AS line_request_id, value ->> 'cause' AS cause,
                value ->> 'http_status' AS http_status, value ->> 'error_text' AS error_text
            FROM json_each($1)) AS j
         WHERE deliveries.id = j.id
            AND (deliveries.state = 'queued' OR (j.state = 'sent' AND deliveries.state <> 'sent'))",
    )
    .bind(json_rows(batch)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Cancels the deliveries of an assignment that have not been sent; returns their ids.
///
/// # Errors
/// The database failed.
pub async fn cancel_open_of(
    conn: &mut Conn,
    assignment: AssignmentId,
    now: Timestamp,
) -> sqlx::Result<Vec<DeliveryId>> {
    sqlx::query_scalar(
        "UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL, updated_at = $2
         WHERE assignment_id = $1 AND state IN ('scheduled', 'queued', 'retrying', 'held')
         RETURNING id",
    )
    .bind(assignment)
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Cancels one delivery that has not been sent. `false` when its state does not allow it.
///
/// # Errors
/// The database failed.
pub async fn cancel(conn: &mut Conn, id: DeliveryId, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL, updated_at = $2
         WHERE id = $1
            AND state IN ('scheduled', 'queued', 'retrying', 'held', 'failed', 'review')",
    )
    .bind(id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Cancels what a repetition has not sent yet; returns the ids.
///
/// # Errors
/// The database failed.
pub async fn cancel_open_recurrence(
    conn: &mut Conn,
    recurrence: RecurrenceId,
    now: Timestamp,
) -> sqlx::Result<Vec<DeliveryId>> {
    sqlx::query_scalar(
        "UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL, updated_at = $2
         WHERE recurrence_id = $1 AND state IN ('scheduled', 'queued', 'retrying', 'held')
         RETURNING id",
    )
    .bind(recurrence)
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Puts failed deliveries that may go out by themselves back in the queue for another round
/// and returns them: those that failed for a passing cause and are still fresh.
///
/// # Errors
/// The database failed.
pub async fn sweep(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<Vec<Ripe>> {
    sqlx::query_as(
        "UPDATE deliveries SET state = 'queued', round_attempts = 0, updated_at = $1
         WHERE id IN (SELECT d.id FROM deliveries d
            LEFT JOIN assignments a ON a.id = d.assignment_id
            WHERE d.state = 'failed' AND d.expires_at > $1
            AND d.cause IN ('line_unavailable', 'outcome_unknown', 'rate_limited', 'patient_rate_limited')
            AND (a.status IS NULL OR a.status = 'active')
            ORDER BY d.updated_at LIMIT $2)
         RETURNING id, state, priority",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Puts deliveries a person wants sent back in the queue for another round, fresh until
/// `expires_at` or until LINE forgets their key; returns those whose state allowed it.
///
/// # Errors
/// The database failed.
pub async fn retry(
    conn: &mut Conn,
    ids: &[DeliveryId],
    expires_at: Timestamp,
    now: Timestamp,
) -> sqlx::Result<Vec<Ripe>> {
    sqlx::query_as(
        "UPDATE deliveries SET state = 'queued', round_attempts = 0, crash_starts = 0,
            expires_at = MIN(MAX(expires_at, $2), COALESCE(first_attempt_at, $3) + $4),
            updated_at = $3
         WHERE id IN (SELECT value FROM json_each($1)) AND state IN ('failed', 'review')
         RETURNING id, state, priority",
    )
    .bind(json_rows(ids)?)
    .bind(expires_at)
    .bind(now)
    .bind(KEY_LIFE_MS)
    .fetch_all(conn)
    .await
}

/// Up to `limit` deliveries that failed or wait for a person and can be sent again as they
/// are: for a cause that passes, of an assignment that is still active, and not tried so
/// long ago that LINE may have forgotten their key (`tried_after`).
///
/// # Errors
/// The database failed.
pub async fn retryable(conn: &mut Conn, tried_after: Timestamp, limit: u32) -> sqlx::Result<Vec<DeliveryId>> {
    sqlx::query_scalar(
        "SELECT d.id FROM deliveries d LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.state IN ('failed', 'review')
            AND d.cause NOT IN ('message_invalid', 'patient_unknown', 'not_allowed', 'refused',
                'crashed', 'not_linked', 'blocked')
            AND (d.first_attempt_at IS NULL OR d.first_attempt_at > $1)
            AND (a.status IS NULL OR a.status = 'active')
         ORDER BY d.updated_at LIMIT $2",
    )
    .bind(tried_after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Counts one more crash for each delivery that was being sent when the program ended.
///
/// # Errors
/// The database failed.
pub async fn count_crash(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE deliveries SET crash_starts = crash_starts + 1, updated_at = $2
         WHERE id IN (SELECT value FROM json_each($1)) AND state = 'queued'",
    )
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Deliveries that are `queued` without a job: after a crash there is none; this heals what
/// cannot be.
///
/// # Errors
/// The database failed.
pub async fn queued_without_job(conn: &mut Conn, queues: &[&str], limit: u32) -> sqlx::Result<Vec<Ripe>> {
    sqlx::query_as(
        "SELECT d.id, d.state, d.priority FROM deliveries d
         WHERE d.state = 'queued' AND NOT EXISTS (
            SELECT 1 FROM Jobs j
            WHERE j.job_type IN (SELECT value FROM json_each($1)) AND j.idempotency_key = d.id
            AND +j.status IN ('Pending', 'Queued', 'Running'))
         LIMIT $2",
    )
    .bind(json_rows(queues)?)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// How many deliveries wait for a later time, by where they go first: those that a person
/// scheduled, and the others.
///
/// # Errors
/// The database failed.
pub async fn count_waiting(pool: &SqlitePool) -> sqlx::Result<(i64, i64)> {
    let row = sqlx::query(
        "SELECT COALESCE(SUM(state = 'scheduled'), 0) AS scheduled,
            COALESCE(SUM(state <> 'scheduled'), 0) AS others
         FROM deliveries WHERE state IN ('scheduled', 'retrying', 'held')",
    )
    .fetch_one(pool)
    .await?;
    Ok((row.try_get("scheduled")?, row.try_get("others")?))
}

/// Deliveries that wait for a time in `from..to`, counted by the hour since `from`; what is
/// overdue counts in the first hour.
///
/// # Errors
/// The database failed.
pub async fn waiting_by_hour(
    pool: &SqlitePool,
    from: Timestamp,
    to: Timestamp,
) -> sqlx::Result<Vec<(i64, i64)>> {
    sqlx::query_as(
        "SELECT MAX(next_attempt_at - $1, 0) / 3600000, COUNT(*) FROM deliveries
         WHERE state IN ('scheduled', 'retrying', 'held') AND next_attempt_at < $2 GROUP BY 1",
    )
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await
}

/// The waiting deliveries that have their turn first.
///
/// # Errors
/// The database failed.
pub async fn waiting_next(pool: &SqlitePool, limit: u32) -> sqlx::Result<Vec<Delivery>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE d.state IN ('scheduled', 'retrying', 'held') ORDER BY d.next_attempt_at LIMIT $1"
    )))
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// Puts what waits and has grown too old up for review; returns the ids. Nothing of it was
/// sent, or is known to have been.
///
/// # Errors
/// The database failed.
pub async fn expire(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<Vec<DeliveryId>> {
    sqlx::query_scalar(
        "UPDATE deliveries SET state = 'review', next_attempt_at = NULL, updated_at = $1,
            cause = CASE WHEN cause IN ('not_linked', 'blocked', 'outcome_unknown') THEN cause
                ELSE 'stale' END
         WHERE id IN (SELECT id FROM deliveries
            WHERE state IN ('scheduled', 'retrying', 'held') AND expires_at <= $1
            ORDER BY expires_at LIMIT $2)
         RETURNING id",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Lets what patients' missing or blocked link held try again now.
///
/// # Errors
/// The database failed.
pub async fn release_held_of(conn: &mut Conn, patients: &[PatientId], now: Timestamp) -> sqlx::Result<()> {
    if patients.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE deliveries SET next_attempt_at = $2
         WHERE patient_id IN (SELECT value FROM json_each($1)) AND state = 'held'
            AND cause IN ('not_linked', 'blocked')",
    )
    .bind(json_rows(patients)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the questions whose window has passed; they await no answer from now on. Returns
/// each with its patient, and whether its follow-up still runs.
///
/// # Errors
/// The database failed.
pub async fn take_unanswered(
    conn: &mut Conn,
    now: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<(DeliveryId, PatientId, Option<AssignmentId>, bool)>> {
    let rows: Vec<(DeliveryId, PatientId, Option<AssignmentId>, bool)> = sqlx::query_as(
        "SELECT d.id, d.patient_id, d.assignment_id, COALESCE(a.status = 'active', 0)
         FROM deliveries d LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.answer_by <= $1 ORDER BY d.answer_by LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<_> = rows.iter().map(|r| r.0).collect();
    stop_awaiting(conn, &ids).await?;
    Ok(rows)
}

/// Awaits no answer to these any more.
///
/// # Errors
/// The database failed.
pub async fn stop_awaiting(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query("UPDATE deliveries SET answer_by = NULL WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// When the next question runs out of time.
///
/// # Errors
/// The database failed.
pub async fn next_answer_by(pool: &SqlitePool) -> sqlx::Result<Option<Timestamp>> {
    sqlx::query_scalar(
        "SELECT answer_by FROM deliveries WHERE answer_by IS NOT NULL ORDER BY answer_by LIMIT 1",
    )
    .fetch_optional(pool)
    .await
}

/// An answer to a message proves that it was sent, whatever was recorded.
///
/// # Errors
/// The database failed.
pub async fn prove_sent(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE deliveries SET state = 'sent', accepted_at = COALESCE(last_attempt_at, $2), cause = NULL,
            next_attempt_at = NULL, updated_at = $2
         WHERE id IN (SELECT value FROM json_each($1))
            AND state IN ('scheduled', 'retrying', 'held', 'failed', 'review', 'cancelled')",
    )
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
