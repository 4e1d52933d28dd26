//! New deliveries.

use crate::{
    clock::Timestamp,
    domain::{delivery::State, draft::Draft, feedback::Feedback},
    ids::DeliveryId,
    store::{Conn, json_rows, sql::query_scalar, to_json},
};

/// Stores a batch and returns the ids of those that were not there yet.
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
    query_scalar(
        "INSERT INTO deliveries (id, patient_id, assignment_id, protocol_id, step_id, occurrence,
            recurrence_id, message_type, content, feedback, body, recipient, priority, state,
            due_at, expires_at, next_attempt_at, cause, idempotency_key, when_unreachable,
            answer_window_ms, postponed, created_at, updated_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, CAST(value ->> 5 AS BIGINT),
            value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11,
            value ->> 12, value ->> 13, CAST(value ->> 14 AS BIGINT), CAST(value ->> 15 AS BIGINT),
            CAST(value ->> 16 AS BIGINT), value ->> 17,
            value ->> 18, value ->> 19, CAST(value ->> 20 AS BIGINT), CAST(value ->> 21 AS BIGINT), $2, $2
         FROM json_each($1) WHERE true
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .fetch_all(conn)
    .await
}
