//! Storage of new deliveries.

use serde::Serialize;

use crate::{
    clock::Timestamp,
    domain::{
        clinic::AtNight,
        delivery::{Cause, Priority, State},
        draft::Draft,
        feedback::Feedback,
        language::Language,
        message::MessageType,
        protocol::WhenUnreachable,
    },
    ids::{AssignmentId, DeliveryId, PatientId, ProtocolId, RecurrenceId, StepId},
    store::{
        Conn, json_rows,
        sql::{query, query_scalar},
        to_json, to_json_unless_empty,
    },
};

/// A draft as the array that the statement unpacks, in the order of its columns.
#[derive(Serialize)]
struct Row<'a>(
    DeliveryId,
    PatientId,
    Option<AssignmentId>,
    ProtocolId,
    StepId,
    i64,
    Option<RecurrenceId>,
    MessageType,
    String,
    Option<String>,
    Option<&'a str>,
    Option<&'a str>,
    Priority,
    State,
    i64,
    i64,
    Option<i64>,
    Option<Cause>,
    Option<&'a str>,
    WhenUnreachable,
    Option<i64>,
    u32,
    Option<String>,
    Option<String>,
    bool,
    Option<String>,
    Option<&'a str>,
    Option<Language>,
    Option<AtNight>,
);

impl<'a> Row<'a> {
    fn of(d: &'a Draft) -> sqlx::Result<Self> {
        let source = &d.source;
        let feedback = source.feedback.as_ref();
        Ok(Self(
            d.id,
            source.patient_id,
            source.assignment_id,
            source.protocol_id,
            source.step_id,
            d.occurrence,
            d.recurrence_id,
            source.message_type,
            to_json(&source.content)?,
            feedback.map(to_json).transpose()?,
            d.body.as_ref().map(|b| b.json.as_str()),
            d.body.as_ref().map(|b| b.recipient.as_str()),
            source.priority,
            d.state,
            d.due_at.as_millis(),
            d.expires_at.as_millis(),
            (d.state == State::Scheduled).then_some(d.due_at.as_millis()),
            d.cause,
            d.idempotency_key.as_deref(),
            source.when_unreachable,
            feedback.map(Feedback::answer_window_ms),
            d.postponed,
            to_json_unless_empty(&source.further)?,
            source.sender.as_ref().map(to_json).transpose()?,
            source.silent,
            to_json_unless_empty(&source.quick_replies)?,
            source.unit.as_deref(),
            source.language,
            source.at_night,
        ))
    }
}

/// Stores a batch and returns the ids of the new ones. An occurrence that was planned before, and a
/// caller's key that was used before, exist under another id.
pub(crate) async fn insert(
    conn: &mut Conn,
    batch: &[Draft],
    now: Timestamp,
) -> sqlx::Result<Vec<DeliveryId>> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let rows = batch.iter().map(Row::of).collect::<sqlx::Result<Vec<_>>>()?;
    // Materialized: SQLite would write the text of a row anew for each mention of `value`.
    let inserted = query(
        "WITH given AS MATERIALIZED (SELECT value AS one FROM json_each($1))
         INSERT INTO deliveries (id, patient_id, assignment_id, protocol_id, step_id, occurrence,
            recurrence_id, message_type, content, feedback, body, recipient, priority, state,
            due_at, expires_at, next_attempt_at, cause, idempotency_key, when_unreachable,
            answer_window_ms, postponed, further_messages, sender, silent, quick_replies, unit,
            language, at_night, created_at, updated_at)
         SELECT one ->> 0, one ->> 1, one ->> 2, one ->> 3, one ->> 4, CAST(one ->> 5 AS BIGINT),
            one ->> 6, one ->> 7, one ->> 8, one ->> 9, one ->> 10, one ->> 11,
            one ->> 12, one ->> 13, CAST(one ->> 14 AS BIGINT), CAST(one ->> 15 AS BIGINT),
            CAST(one ->> 16 AS BIGINT), one ->> 17,
            one ->> 18, one ->> 19, CAST(one ->> 20 AS BIGINT), CAST(one ->> 21 AS BIGINT),
            one ->> 22, one ->> 23, CAST(one ->> 24 AS BOOLEAN), one ->> 25, one ->> 26, one ->> 27,
            one ->> 28, $2, $2
         FROM given WHERE true
         ON CONFLICT DO NOTHING",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    let ids: Vec<_> = batch.iter().map(|d| d.id).collect();
    // All were new, as usual: no need to read ids back.
    if inserted.rows_affected() == ids.len() as u64 {
        return Ok(ids);
    }
    query_scalar("SELECT id FROM deliveries WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(&ids)?)
        .fetch_all(conn)
        .await
}

pub(crate) async fn is_made(
    conn: &mut Conn,
    assignment: AssignmentId,
    step: StepId,
    occurrence: i64,
) -> sqlx::Result<bool> {
    query_scalar(
        "SELECT EXISTS (SELECT 1 FROM deliveries
            WHERE assignment_id = $1 AND step_id = $2 AND occurrence = $3)",
    )
    .bind(assignment)
    .bind(step)
    .bind(occurrence)
    .fetch_one(conn)
    .await
}

/// The steps of an assignment that come once and have their delivery.
pub(crate) async fn made_once(conn: &mut Conn, assignment: AssignmentId) -> sqlx::Result<Vec<StepId>> {
    query_scalar("SELECT step_id FROM deliveries WHERE assignment_id = $1 AND occurrence = 0")
        .bind(assignment)
        .fetch_all(conn)
        .await
}
