//! One-off messages that repeat by cron.

use serde_json::Value;

use sqlx::FromRow;

use super::{
    Conn, Stored, json_rows,
    sql::{query, query_as},
    to_json, to_json_unless_empty, uploads,
};
use crate::{
    clock::Timestamp,
    domain::{
        delivery::Priority,
        message::{FurtherMessage, MessageType},
        quick_reply::QuickReply,
    },
    ids::{DeliveryId, PatientId, RecurrenceId},
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Recurrence {
    pub(crate) id: RecurrenceId,
    pub(crate) patient_id: PatientId,
    pub(crate) message_type: MessageType,
    #[sqlx(try_from = "Stored<Value>")]
    pub(crate) content: Value,
    #[sqlx(try_from = "Stored<Option<Vec<FurtherMessage>>>")]
    pub(crate) further_messages: Option<Vec<FurtherMessage>>,
    #[sqlx(try_from = "Stored<Option<Vec<QuickReply>>>")]
    pub(crate) quick_replies: Option<Vec<QuickReply>>,
    pub(crate) priority: Priority,
    /// Five fields, read in `time_zone`.
    pub(crate) cron: String,
    /// The IANA zone of `cron`; for one that follows the patient, the zone at its making.
    pub(crate) time_zone: String,
    pub(crate) follows_patient: bool,
    /// The patient's own zone, where the query read it.
    pub(crate) patient_zone: Option<String>,
    /// The latest time entered, where the query read it.
    pub(crate) last_due_at: Option<Timestamp>,
}

pub(crate) async fn insert(conn: &mut Conn, batch: &[Recurrence], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows = batch
        .iter()
        .map(|r| {
            Ok(serde_json::json!([
                r.id,
                r.patient_id,
                r.message_type,
                to_json(&r.content)?,
                r.priority,
                r.cron,
                r.time_zone,
                r.follows_patient,
                to_json_unless_empty(r.further_messages.as_deref().unwrap_or_default())?,
                to_json_unless_empty(r.quick_replies.as_deref().unwrap_or_default())?,
            ]))
        })
        .collect::<sqlx::Result<Vec<_>>>()?;
    let rows = json_rows(&rows)?;
    uploads::mark_used(conn, &rows, now).await?;
    query(
        "INSERT INTO recurrences (id, patient_id, message_type, content, priority, cron, time_zone,
            follows_patient, further_messages, quick_replies, created_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
            value ->> 6, CAST(value ->> 7 AS BOOLEAN), value ->> 8, value ->> 9, $2
         FROM json_each($1)",
    )
    .bind(rows)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn without_next(conn: &mut Conn, ids: &[RecurrenceId]) -> sqlx::Result<Vec<Recurrence>> {
    query_as(
        "SELECT r.*, (SELECT d.due_at FROM deliveries d WHERE d.recurrence_id = r.id
            ORDER BY d.due_at DESC LIMIT 1) AS last_due_at,
            p.time_zone AS patient_zone
         FROM recurrences r JOIN patients p ON p.id = r.patient_id
         WHERE r.id IN (SELECT value FROM json_each($1)) AND r.active = TRUE AND NOT EXISTS (
            SELECT 1 FROM deliveries d WHERE d.recurrence_id = r.id AND d.state = 'scheduled')",
    )
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}

pub(crate) async fn all_without_next(conn: &mut Conn) -> sqlx::Result<Vec<Recurrence>> {
    query_as(
        "SELECT r.*, (SELECT d.due_at FROM deliveries d WHERE d.recurrence_id = r.id
            ORDER BY d.due_at DESC LIMIT 1) AS last_due_at,
            p.time_zone AS patient_zone
         FROM recurrences r JOIN patients p ON p.id = r.patient_id
         WHERE r.active = TRUE AND NOT EXISTS (
            SELECT 1 FROM deliveries d WHERE d.recurrence_id = r.id AND d.state = 'scheduled')",
    )
    .fetch_all(conn)
    .await
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Entered {
    #[sqlx(flatten)]
    pub(crate) recurrence: Recurrence,
    /// The delivery of its next time.
    pub(crate) delivery_id: DeliveryId,
}

/// The repetitions of a patient that follow the patient's zone.
pub(crate) async fn following(conn: &mut Conn, patient: PatientId) -> sqlx::Result<Vec<Entered>> {
    query_as(
        "SELECT r.*, d.due_at AS last_due_at, d.id AS delivery_id, p.time_zone AS patient_zone
         FROM recurrences r JOIN patients p ON p.id = r.patient_id
         JOIN deliveries d ON d.recurrence_id = r.id AND d.state = 'scheduled'
         WHERE r.patient_id = $1 AND r.active = TRUE AND r.follows_patient = TRUE",
    )
    .bind(patient)
    .fetch_all(conn)
    .await
}

/// The repetitions that follow the patient's zone, of patients who live in the clinic's.
pub(crate) async fn following_clinic(conn: &mut Conn) -> sqlx::Result<Vec<Entered>> {
    query_as(
        "SELECT r.*, d.due_at AS last_due_at, d.id AS delivery_id, p.time_zone AS patient_zone
         FROM recurrences r JOIN patients p ON p.id = r.patient_id
         JOIN deliveries d ON d.recurrence_id = r.id AND d.state = 'scheduled'
         WHERE r.active = TRUE AND r.follows_patient = TRUE AND p.time_zone IS NULL",
    )
    .fetch_all(conn)
    .await
}

/// Ends repetitions. Returns how many were active until now.
pub(crate) async fn stop(conn: &mut Conn, ids: &[RecurrenceId]) -> sqlx::Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let done = query(
        "UPDATE recurrences SET active = FALSE
         WHERE id IN (SELECT value FROM json_each($1)) AND active = TRUE",
    )
    .bind(json_rows(ids)?)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
