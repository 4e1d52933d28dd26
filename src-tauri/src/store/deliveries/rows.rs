//! Deliveries as staff see them.

use const_format::formatcp;
use serde_json::Value;

use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    domain::{
        acts::ActedOn,
        assignment,
        clinic::AtNight,
        delivery::{Cause, Priority, State},
        feedback::Feedback,
        message::{FurtherMessage, MessageType},
        quick_reply::QuickReply,
    },
    ids::{AssignmentId, DeliveryId, PatientId, ProtocolId, RecurrenceId, StepId},
    store::{Conn, Stored, json_rows, sql::query_as},
};

#[derive(Clone, Debug, FromRow)]
pub struct Delivery {
    /// A UUID that never changes; also LINE's retry key.
    pub(crate) id: DeliveryId,
    pub(crate) patient_id: PatientId,
    pub(crate) patient_name: String,
    /// `None` for a one-off message.
    pub(crate) assignment_id: Option<AssignmentId>,
    pub(crate) assignment_status: Option<assignment::Status>,
    pub(crate) protocol_id: ProtocolId,
    pub(crate) step_id: StepId,
    pub(crate) recurrence_id: Option<RecurrenceId>,
    /// The five fields of its repetition; `None` where it goes once.
    pub(crate) cron: Option<String>,
    /// The IANA zone of `cron`; `None` where it follows the patient's zone.
    pub(crate) cron_zone: Option<String>,
    pub(crate) message_type: MessageType,
    #[sqlx(try_from = "Stored<Value>")]
    pub(crate) content: Value,
    #[sqlx(try_from = "Stored<Option<Vec<FurtherMessage>>>")]
    pub(crate) further_messages: Option<Vec<FurtherMessage>>,
    #[sqlx(try_from = "Stored<Option<Vec<QuickReply>>>")]
    pub(crate) quick_replies: Option<Vec<QuickReply>>,
    #[sqlx(try_from = "Stored<Option<Feedback>>")]
    pub(crate) feedback: Option<Feedback>,
    /// The JSON for LINE; `None` until it is rendered.
    pub(crate) body: Option<String>,
    pub(crate) priority: Priority,
    pub(crate) state: State,
    pub(crate) due_at: Timestamp,
    /// `None` while it is queued, once it is over, and while it waits for somebody's act.
    pub(crate) next_attempt_at: Option<Timestamp>,
    pub(crate) attempts: i64,
    pub(crate) last_attempt_at: Option<Timestamp>,
    /// When LINE may first have taken it; `None` while it surely has not.
    pub(crate) maybe_sent_at: Option<Timestamp>,
    pub(crate) accepted_at: Option<Timestamp>,
    /// LINE's ids of the message objects, in order.
    #[sqlx(try_from = "Stored<Vec<String>>")]
    pub(crate) line_message_ids: Vec<String>,
    /// `X-Line-Request-Id` of the last answer; what LINE's support asks for.
    pub(crate) line_request_id: Option<String>,
    /// When its video was first watched to its end, by LINE's clock; `None` where it was not.
    pub(crate) watched_at: Option<Timestamp>,
    /// `None` for the clinic's rule.
    pub(crate) at_night: Option<AtNight>,
    /// Why it failed or waits; `None` for neither.
    pub(crate) cause: Option<Cause>,
    pub(crate) http_status: Option<i64>,
    /// The words of LINE or of the connection at the last attempt, in English.
    pub(crate) error_text: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

pub(super) const SELECT: &str = "SELECT d.*, p.display_name AS patient_name,
        r.cron, CASE WHEN r.follows_patient = FALSE THEN r.time_zone END AS cron_zone,
        a.status AS assignment_status
     FROM deliveries d JOIN patients p ON p.id = d.patient_id
     LEFT JOIN recurrences r ON r.id = d.recurrence_id
     LEFT JOIN assignments a ON a.id = d.assignment_id";

impl From<&Delivery> for ActedOn {
    fn from(d: &Delivery) -> Self {
        Self {
            state: d.state,
            cause: d.cause,
            maybe_sent_at: d.maybe_sent_at,
            repeats: d.recurrence_id.is_some(),
            follow_up: d.assignment_status,
        }
    }
}

pub async fn get(conn: &mut Conn, id: DeliveryId) -> sqlx::Result<Option<Delivery>> {
    query_as(formatcp!("{SELECT} WHERE d.id = $1")).bind(id).fetch_optional(conn).await
}

/// In no order.
pub(crate) async fn get_many(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<Delivery>> {
    query_as(formatcp!("{SELECT} WHERE d.id IN (SELECT value FROM json_each($1))"))
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct Come {
    pub(crate) id: DeliveryId,
    pub(crate) state: State,
    pub(crate) priority: Priority,
    pub(crate) recurrence_id: Option<RecurrenceId>,
}

/// In no order.
pub(crate) async fn come(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<Come>> {
    query_as(
        "SELECT id, state, priority, recurrence_id FROM deliveries
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Keyed {
    pub(crate) id: DeliveryId,
    pub(crate) idempotency_key: String,
    pub(crate) patient_id: PatientId,
    pub(crate) message_type: MessageType,
    #[sqlx(try_from = "Stored<Value>")]
    pub(crate) content: Value,
    #[sqlx(try_from = "Stored<Option<Vec<FurtherMessage>>>")]
    pub(crate) further_messages: Option<Vec<FurtherMessage>>,
    #[sqlx(try_from = "Stored<Option<Vec<QuickReply>>>")]
    pub(crate) quick_replies: Option<Vec<QuickReply>>,
}

pub(crate) async fn by_idempotency_keys(conn: &mut Conn, keys: &[&str]) -> sqlx::Result<Vec<Keyed>> {
    query_as(
        "SELECT idempotency_key, id, patient_id, message_type, content, further_messages, quick_replies
         FROM deliveries
         WHERE idempotency_key IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(keys)?)
    .fetch_all(conn)
    .await
}
