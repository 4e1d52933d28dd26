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
        draft::Draft,
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
    /// When LINE may first have taken it; `None` while it surely has not.
    pub maybe_sent_at: Option<Timestamp>,
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
            maybe_sent_at: row.try_get("maybe_sent_at")?,
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

/// Stores a batch and returns the ids of those that were not there yet.
///
/// # Errors
/// The database failed.
pub async fn insert(conn: &mut Conn, batch: &[Draft], now: Timestamp) -> sqlx::Result<Vec<DeliveryId>> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let rows = batch
        .iter()
        .map(|d| {
            let next = (d.state == State::Scheduled).then_some(d.due_at.as_millis());
            let feedback = d.source.feedback.as_ref();
            Ok(serde_json::json!([
                d.id,
                d.source.patient_id,
                d.source.assignment_id,
                d.source.protocol_id,
                d.source.step_id,
                d.occurrence,
                d.recurrence_id,
                d.source.message_type,
                to_json(&d.source.content)?,
                feedback.map(to_json).transpose()?,
                d.body.as_ref().map(|b| &b.json),
                d.body.as_ref().map(|b| &b.recipient),
                d.source.priority,
                d.state,
                d.due_at.as_millis(),
                d.expires_at.as_millis(),
                next,
                d.cause,
                d.idempotency_key,
                d.source.when_unreachable,
                feedback.map(Feedback::answer_window_ms),
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
        // One patient's few are found by the patient.
        let narrow = filter.patient_id.is_some() || filter.assignment_id.is_some();
        query.push(if narrow { " AND d.state = " } else { " AND d.listed_state = " }).push_bind(state);
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
    sqlx::query_scalar("SELECT COUNT(*) FROM deliveries WHERE listed_state IN ('failed', 'review')")
        .fetch_one(pool)
        .await
}

/// Since when the delivery waits that was queued first.
///
/// # Errors
/// The database failed.
pub async fn oldest_queued_at(pool: &SqlitePool) -> sqlx::Result<Option<Timestamp>> {
    sqlx::query_scalar("SELECT MIN(updated_at) FROM deliveries WHERE state = 'queued'").fetch_one(pool).await
}

/// What is held: by cause how many, and when the first of them goes by itself.
///
/// # Errors
/// The database failed.
pub async fn held_by_cause(pool: &SqlitePool) -> sqlx::Result<Vec<(Option<Cause>, i64, Option<Timestamp>)>> {
    sqlx::query_as(
        "SELECT cause, COUNT(*), MIN(next_attempt_at) FROM deliveries WHERE state = 'held' GROUP BY cause",
    )
    .fetch_all(pool)
    .await
}

/// How many are held, by cause.
///
/// # Errors
/// The database failed.
pub async fn count_held_by_cause(pool: &SqlitePool) -> sqlx::Result<Vec<(Option<Cause>, i64)>> {
    sqlx::query_as("SELECT cause, COUNT(*) FROM deliveries WHERE state = 'held' GROUP BY cause")
        .fetch_all(pool)
        .await
}

/// When the next waiting delivery has its turn.
///
/// # Errors
/// The database failed.
pub async fn next_attempt_at(pool: &SqlitePool) -> sqlx::Result<Option<Timestamp>> {
    sqlx::query_scalar(
        "SELECT next_attempt_at FROM deliveries
         WHERE state IN ('scheduled', 'retrying', 'held') AND next_attempt_at IS NOT NULL
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
    queue_all(conn, &ripe, now).await?;
    Ok(ripe)
}

/// Holds what has its turn for a reason that concerns everybody; returns the repetitions
/// among it, whose next time is to be entered, and how many were held.
///
/// # Errors
/// The database failed.
pub async fn hold_ripe(
    conn: &mut Conn,
    cause: Cause,
    now: Timestamp,
    limit: u32,
) -> sqlx::Result<(Vec<RecurrenceId>, usize)> {
    let held: Vec<Option<RecurrenceId>> = sqlx::query_scalar(
        "UPDATE deliveries SET state = 'held', cause = $3, next_attempt_at = NULL, updated_at = $1
         WHERE id IN (SELECT id FROM deliveries
            WHERE state IN ('scheduled', 'retrying', 'held') AND next_attempt_at <= $1
            ORDER BY next_attempt_at LIMIT $2)
         RETURNING recurrence_id",
    )
    .bind(now)
    .bind(limit)
    .bind(cause)
    .fetch_all(conn)
    .await?;
    let count = held.len();
    Ok((held.into_iter().flatten().collect(), count))
}

async fn queue_all(conn: &mut Conn, ripe: &[Ripe], now: Timestamp) -> sqlx::Result<()> {
    if ripe.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = ripe.iter().map(|r| r.id).collect();
    sqlx::query(
        "UPDATE deliveries SET state = 'queued', next_attempt_at = NULL, updated_at = $2
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(&ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes what is held for these causes out of its wait, the oldest due first: they are over
/// for everybody. Like [`take_ripe`].
///
/// # Errors
/// The database failed.
pub async fn take_released(
    conn: &mut Conn,
    causes: &[Cause],
    now: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<Ripe>> {
    let mut ripe: Vec<Held> = Vec::new();
    // There are a handful of causes, and each is read in the order of the index.
    for cause in causes {
        let held: Vec<Held> = sqlx::query_as(
            "SELECT id, state, priority, due_at FROM deliveries WHERE state = 'held' AND cause = $1
             ORDER BY due_at LIMIT $2",
        )
        .bind(*cause)
        .bind(limit)
        .fetch_all(&mut *conn)
        .await?;
        ripe.extend(held);
    }
    ripe.sort_by_key(|held| held.due_at);
    ripe.truncate(limit as usize);
    let ripe: Vec<_> = ripe.into_iter().map(|held| held.ripe).collect();
    queue_all(conn, &ripe, now).await?;
    Ok(ripe)
}

#[derive(FromRow)]
struct Held {
    #[sqlx(flatten)]
    ripe: Ripe,
    due_at: Timestamp,
}

/// Whether anything is held for one of these causes.
///
/// # Errors
/// The database failed.
pub async fn any_held(pool: &SqlitePool, causes: &[Cause]) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM deliveries
            WHERE state = 'held' AND cause IN (SELECT value FROM json_each($1)))",
    )
    .bind(json_rows(causes)?)
    .fetch_one(pool)
    .await
}

/// Takes one delivery to see whether the channel is up again: the one that waits longest for
/// it, else whatever has its turn.
///
/// # Errors
/// The database failed.
pub async fn take_probe(conn: &mut Conn, now: Timestamp) -> sqlx::Result<Option<Ripe>> {
    let causes = [Cause::LineUnavailable, Cause::TokenInvalid, Cause::QuotaExhausted];
    if let Some(held) = take_released(conn, &causes, now, 1).await?.pop() {
        return Ok(Some(held));
    }
    Ok(take_ripe(conn, now, 1).await?.pop())
}

/// Lets what waits for a rule of the clinic try again now: the gate decides anew.
///
/// # Errors
/// The database failed.
pub async fn release_ruled(conn: &mut Conn, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query(
        "UPDATE deliveries SET next_attempt_at = $1
         WHERE state = 'held' AND cause IN ('quiet_hours', 'patient_pace')",
    )
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Holds what waits of an assignment that was paused, except what is being sent at this
/// moment; what is scheduled keeps its time. Returns the ids.
///
/// # Errors
/// The database failed.
pub async fn hold_open_of(
    conn: &mut Conn,
    assignment: AssignmentId,
    sending: &[DeliveryId],
    now: Timestamp,
) -> sqlx::Result<Vec<DeliveryId>> {
    sqlx::query_scalar(
        "UPDATE deliveries SET state = 'held', cause = 'follow_up_paused', next_attempt_at = NULL,
            updated_at = $2
         WHERE assignment_id = $1 AND state IN ('queued', 'retrying', 'held')
            AND id NOT IN (SELECT value FROM json_each($3))
         RETURNING id",
    )
    .bind(assignment)
    .bind(now)
    .bind(json_rows(sending)?)
    .fetch_all(conn)
    .await
}

/// Lets what a pause of its assignment held try again now.
///
/// # Errors
/// The database failed.
pub async fn release_held_of_assignment(
    conn: &mut Conn,
    assignment: AssignmentId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE deliveries SET next_attempt_at = $2
         WHERE assignment_id = $1 AND state = 'held' AND cause = 'follow_up_paused'",
    )
    .bind(assignment)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
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
    /// When LINE may first have taken it; `None` while it surely has not.
    pub maybe_sent_at: Option<Timestamp>,
    /// What came of the last attempt, or held it last.
    pub cause: Option<Cause>,
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
    /// Whether they belong to the demo clinic.
    pub demo: bool,
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
            d.crash_starts, d.maybe_sent_at, d.cause, d.when_unreachable, p.line_user_id, p.status AS patient_status,
            p.reachability, p.consented_at, p.time_zone, p.demo, a.status AS assignment_status,
            NULL AS last_accepted_at
         FROM deliveries d JOIN patients p ON p.id = d.patient_id
         LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.id IN (SELECT value FROM json_each($1))";
    const PACED: &str = "SELECT d.id, d.state, d.patient_id, d.assignment_id, d.message_type, d.content,
            d.feedback, d.body, d.recipient, d.due_at, d.expires_at, d.attempts, d.round_attempts,
            d.crash_starts, d.maybe_sent_at, d.cause, d.when_unreachable, p.line_user_id, p.status AS patient_status,
            p.reachability, p.consented_at, p.time_zone, p.demo, a.status AS assignment_status,
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
    sqlx::query("UPDATE deliveries SET body = $2, recipient = $3 WHERE id = $1 AND maybe_sent_at IS NULL")
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
    /// When it is tried next; milliseconds; `None` where it waits for an act.
    pub next_attempt_at: Option<i64>,
    /// When LINE may have taken it without our hearing of it; milliseconds.
    pub maybe_sent_at: Option<i64>,
    /// Its new end of freshness, where the wait of a rule of ours moved it; milliseconds.
    pub expires_at: Option<i64>,
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
    /// Whether somebody else had settled it before: then only its job ends.
    pub settled: bool,
}

/// Writes a batch of outcomes. A delivery that was cancelled meanwhile stays cancelled, unless
/// LINE accepted it: then the truth is that it was sent. Where LINE may have it, the row says
/// so, and is not sent by itself once LINE may have forgotten its key.
///
/// # Errors
/// The database failed.
pub async fn record(conn: &mut Conn, batch: &[Outcome], now: Timestamp) -> sqlx::Result<()> {
    let rows: Vec<_> = batch.iter().filter(|o| !o.settled).collect();
    let rows = json_rows(&rows)?;
    sqlx::query(
        "UPDATE deliveries SET state = j.state,
            attempts = deliveries.attempts + j.attempt_used,
            round_attempts = deliveries.round_attempts + j.attempt_used,
            first_attempt_at = COALESCE(deliveries.first_attempt_at, j.attempted_at),
            last_attempt_at = COALESCE(j.attempted_at, deliveries.last_attempt_at),
            next_attempt_at = j.next_attempt_at,
            maybe_sent_at = COALESCE(deliveries.maybe_sent_at, j.maybe_sent_at),
            expires_at = MIN(COALESCE(j.expires_at, deliveries.expires_at),
                COALESCE(deliveries.maybe_sent_at + $3, j.maybe_sent_at + $3,
                    j.expires_at, deliveries.expires_at)),
            accepted_at = j.accepted_at,
            answer_by = CASE j.state WHEN 'sent' THEN j.accepted_at + deliveries.answer_window_ms END,
            line_message_ids = COALESCE(j.line_message_ids, deliveries.line_message_ids),
            line_request_id = COALESCE(j.line_request_id, deliveries.line_request_id),
            cause = j.cause, http_status = j.http_status, error_text = j.error_text,
            updated_at = $2
         FROM (SELECT value ->> 'id' AS id, value ->> 'state' AS state,
                value ->> 'attempt_used' AS attempt_used, value ->> 'attempted_at' AS attempted_at,
                value ->> 'next_attempt_at' AS next_attempt_at, value ->> 'accepted_at' AS accepted_at,
                value ->> 'maybe_sent_at' AS maybe_sent_at, value ->> 'expires_at' AS expires_at,
                value ->> 'line_message_ids' AS line_message_ids,
                value ->> 'line_request_id' AS line_request_id, value ->> 'cause' AS cause,
                value ->> 'http_status' AS http_status, value ->> 'error_text' AS error_text
            FROM json_each($1)) AS j
         WHERE deliveries.id = j.id
            AND (deliveries.state = 'queued' OR (j.state = 'sent' AND deliveries.state <> 'sent'))",
    )
    .bind(&rows)
    .bind(now)
    .bind(KEY_LIFE_MS)
    .execute(&mut *conn)
    .await?;
    if batch.iter().all(|o| o.maybe_sent_at.is_none()) {
        return Ok(());
    }
    sqlx::query(
        "UPDATE deliveries SET maybe_sent_at = COALESCE(deliveries.maybe_sent_at, j.maybe_sent_at),
            attempts = deliveries.attempts + j.attempt_used, cause = 'outcome_unknown',
            error_text = j.error_text, updated_at = $2
         FROM (SELECT value ->> 'id' AS id, value ->> 'attempt_used' AS attempt_used,
                value ->> 'maybe_sent_at' AS maybe_sent_at, value ->> 'error_text' AS error_text
            FROM json_each($1) WHERE value ->> 'maybe_sent_at' IS NOT NULL) AS j
         WHERE deliveries.id = j.id AND deliveries.state = 'cancelled'",
    )
    .bind(&rows)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Which open deliveries an act cancels.
#[derive(Clone, Copy, Debug)]
pub enum Open {
    /// One, also when it failed or waits for a person.
    One(DeliveryId),
    /// What an assignment has not sent.
    OfAssignment(AssignmentId),
    /// What a repetition has not sent.
    OfRecurrence(RecurrenceId),
}

/// Cancels deliveries that have not been sent; returns the ids of those that were open. One
/// that LINE may have keeps that as its cause.
///
/// # Errors
/// The database failed.
pub async fn cancel(conn: &mut Conn, which: Open, now: Timestamp) -> sqlx::Result<Vec<DeliveryId>> {
    const ONE: &str = "UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL, updated_at = $2,
            cause = CASE WHEN maybe_sent_at IS NULL THEN cause ELSE 'outcome_unknown' END
         WHERE id = $1 AND state IN ('scheduled', 'queued', 'retrying', 'held', 'failed', 'review')
         RETURNING id";
    const OF_ASSIGNMENT: &str =
        "UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL, updated_at = $2,
            cause = CASE WHEN maybe_sent_at IS NULL THEN cause ELSE 'outcome_unknown' END
         WHERE assignment_id = $1 AND state IN ('scheduled', 'queued', 'retrying', 'held')
         RETURNING id";
    const OF_RECURRENCE: &str =
        "UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL, updated_at = $2,
            cause = CASE WHEN maybe_sent_at IS NULL THEN cause ELSE 'outcome_unknown' END
         WHERE recurrence_id = $1 AND state IN ('scheduled', 'queued', 'retrying', 'held')
         RETURNING id";
    let (cancel, id) = match which {
        Open::One(id) => (ONE, id.to_string()),
        Open::OfAssignment(id) => (OF_ASSIGNMENT, id.to_string()),
        Open::OfRecurrence(id) => (OF_RECURRENCE, id.to_string()),
    };
    sqlx::query_scalar(cancel).bind(id).bind(now).fetch_all(conn).await
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
            expires_at = MIN(MAX(expires_at, $2), COALESCE(maybe_sent_at + $4, MAX(expires_at, $2))),
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
/// are: for a cause that passes, of an assignment that is still active, and not sent so long
/// ago, perhaps, that LINE may have forgotten their key (`maybe_sent_after`).
///
/// # Errors
/// The database failed.
pub async fn retryable(
    conn: &mut Conn,
    maybe_sent_after: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<DeliveryId>> {
    sqlx::query_scalar(
        "SELECT d.id FROM deliveries d LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.state IN ('failed', 'review')
            AND d.cause NOT IN ('message_invalid', 'patient_unknown', 'not_allowed', 'refused',
                'crashed', 'not_linked', 'blocked')
            AND (d.maybe_sent_at IS NULL OR d.maybe_sent_at > $1)
            AND (a.status IS NULL OR a.status = 'active')
         ORDER BY d.updated_at LIMIT $2",
    )
    .bind(maybe_sent_after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Counts one more crash for each delivery that was being sent when the program ended, and
/// notes that LINE may have them. Returns those that somebody had cancelled meanwhile.
///
/// # Errors
/// The database failed.
pub async fn count_crash(
    conn: &mut Conn,
    ids: &[DeliveryId],
    now: Timestamp,
) -> sqlx::Result<Vec<DeliveryId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = json_rows(ids)?;
    sqlx::query(
        "UPDATE deliveries SET crash_starts = crash_starts + 1, updated_at = $2,
            maybe_sent_at = COALESCE(maybe_sent_at, $2), expires_at = MIN(expires_at, $2 + $3)
         WHERE id IN (SELECT value FROM json_each($1)) AND state = 'queued'",
    )
    .bind(&ids)
    .bind(now)
    .bind(KEY_LIFE_MS)
    .execute(&mut *conn)
    .await?;
    sqlx::query_scalar(
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

/// Notes that LINE may have every delivery whose job was claimed in `queue` when the program
/// ended, since the claim. The claim is on disk before anything is sent, whatever is lost.
///
/// # Errors
/// The database failed.
pub async fn count_claimed(conn: &mut Conn, queue: &str, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query(
        "UPDATE deliveries SET maybe_sent_at = MIN(COALESCE(deliveries.maybe_sent_at, j.claimed_at), j.claimed_at),
            expires_at = MIN(deliveries.expires_at, j.claimed_at + $3)
         FROM (SELECT idempotency_key AS id, COALESCE(lock_at * 1000, $2) AS claimed_at FROM Jobs
            WHERE job_type = $1 AND status IN ('Queued', 'Running')) AS j
         WHERE deliveries.id = j.id AND deliveries.state = 'queued'",
    )
    .bind(queue)
    .bind(now)
    .bind(KEY_LIFE_MS)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Deliveries that have been queued since before `since`, the longest first, and have no job
/// that waits for its turn: it is gone, or was claimed by somebody who did not run it.
///
/// # Errors
/// The database failed.
pub async fn stuck(
    pool: &SqlitePool,
    queues: &[&str],
    since: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<Ripe>> {
    sqlx::query_as(
        "SELECT d.id, d.state, d.priority FROM deliveries d
         WHERE d.state = 'queued' AND d.updated_at < $2 AND NOT EXISTS (
            SELECT 1 FROM Jobs j
            WHERE j.job_type IN (SELECT value FROM json_each($1)) AND j.idempotency_key = d.id
            AND (+j.status = 'Pending' OR (+j.status IN ('Queued', 'Running') AND j.lock_at * 1000 >= $2)))
         ORDER BY d.updated_at LIMIT $3",
    )
    .bind(json_rows(queues)?)
    .bind(since)
    .bind(limit)
    .fetch_all(pool)
    .await
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
        "SELECT (SELECT COUNT(*) FROM deliveries WHERE listed_state = 'scheduled') AS scheduled,
            (SELECT COUNT(*) FROM deliveries WHERE listed_state IN ('retrying', 'held')) AS others",
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
        "{SELECT} WHERE d.state IN ('scheduled', 'retrying', 'held') AND d.next_attempt_at IS NOT NULL
         ORDER BY d.next_attempt_at LIMIT $1"
    )))
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// A delivery whose freshness is over.
#[derive(Clone, Debug, FromRow)]
pub struct Lapsed {
    /// Which.
    pub id: DeliveryId,
    /// Where it stands.
    pub state: State,
    /// When it was due.
    pub due_at: Timestamp,
    /// When its freshness ended.
    pub expires_at: Timestamp,
    /// When LINE may first have taken it.
    pub maybe_sent_at: Option<Timestamp>,
    /// The patient's own zone.
    pub time_zone: Option<String>,
    /// Of which repetition.
    pub recurrence_id: Option<RecurrenceId>,
}

/// The open deliveries whose freshness is over, the oldest first.
///
/// # Errors
/// The database failed.
pub async fn lapsed(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<Vec<Lapsed>> {
    sqlx::query_as(
        "SELECT d.id, d.state, d.due_at, d.expires_at, d.maybe_sent_at, p.time_zone, d.recurrence_id
         FROM deliveries d JOIN patients p ON p.id = d.patient_id
         WHERE d.state IN ('scheduled', 'queued', 'retrying', 'held') AND d.expires_at <= $1
         ORDER BY d.expires_at LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// When the next open delivery grows too old.
///
/// # Errors
/// The database failed.
pub async fn next_expiry(pool: &SqlitePool) -> sqlx::Result<Option<Timestamp>> {
    sqlx::query_scalar(
        "SELECT expires_at FROM deliveries WHERE state IN ('scheduled', 'queued', 'retrying', 'held')
         ORDER BY expires_at LIMIT 1",
    )
    .fetch_optional(pool)
    .await
}

/// Moves the end of freshness of open deliveries.
///
/// # Errors
/// The database failed.
pub async fn extend(conn: &mut Conn, batch: &[(DeliveryId, Timestamp)]) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = batch.iter().map(|(id, at)| serde_json::json!([id, at.as_millis()])).collect();
    sqlx::query(
        "UPDATE deliveries SET expires_at = j.at
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS at FROM json_each($1)) AS j
         WHERE deliveries.id = j.id",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves scheduled deliveries to other times; they stay fresh for as long as before.
///
/// # Errors
/// The database failed.
pub async fn move_due(
    conn: &mut Conn,
    batch: &[(DeliveryId, Timestamp)],
    now: Timestamp,
) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = batch.iter().map(|(id, at)| serde_json::json!([id, at.as_millis()])).collect();
    sqlx::query(
        "UPDATE deliveries SET due_at = j.at, next_attempt_at = j.at, occurrence = j.at,
            expires_at = deliveries.expires_at + (j.at - deliveries.due_at), updated_at = $2
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS at FROM json_each($1)) AS j
         WHERE deliveries.id = j.id AND deliveries.state = 'scheduled'",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts open deliveries that have grown too old up for review.
///
/// # Errors
/// The database failed.
pub async fn put_up_for_review(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE deliveries SET state = 'review', next_attempt_at = NULL, updated_at = $2,
            cause = CASE WHEN maybe_sent_at IS NOT NULL THEN 'outcome_unknown'
                WHEN cause IN ('not_linked', 'blocked') THEN cause ELSE 'stale' END
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets what is held for a reason of these patients themselves try again now: the gate
/// decides anew.
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
            AND cause IN ('not_linked', 'blocked', 'no_consent', 'patient_archived', 'quiet_hours',
                'patient_pace')",
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
