//! Questions as they stand, and every press of a button under them.

use const_format::formatcp;
use serde::Serialize;
use sqlx::FromRow;

use super::{
    Conn, Cursor, Page, Stored,
    fragments::{ASKS_AGAIN, FIRST_ASKED},
    json_rows,
    sql::{Pool, query, query_as},
};
use crate::{
    clock::Timestamp,
    domain::{
        assignment,
        clinic::AtNight,
        delivery::{Priority, State},
        draft::{Asking, Source},
        feedback::{Feedback, FeedbackAction},
        language::Language,
        message::{FurtherMessage, MessageType},
        picker::{Chosen, IN_JSON, PickerMode},
        protocol::{Sender, WhenUnreachable},
        quick_reply::QuickReply,
    },
    ids::{AnswerId, AssignmentId, DeliveryId, PatientId, ProtocolId, StepId},
};

#[derive(Clone, Debug, Serialize, FromRow)]
pub(crate) struct Answer {
    pub(crate) id: AnswerId,
    pub(crate) delivery_id: DeliveryId,
    pub(crate) patient_id: PatientId,
    pub(crate) action: FeedbackAction,
    pub(crate) value: String,
    pub(crate) label: String,
    /// The mode of the button's picker, whose choice is then the value; `None` for a button without
    /// one.
    pub(crate) picked: Option<PickerMode>,
    /// Whether it is the one press that counts: the first worked on, or the answer that followed a
    /// postponement.
    pub(crate) counted: bool,
    pub(crate) late: bool,
    /// The time by LINE's clock.
    pub(crate) answered_at: Timestamp,
}

/// A question as it stands: all facts that an answer to it needs.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Ask {
    pub(crate) id: DeliveryId,
    pub(crate) patient_id: PatientId,
    pub(crate) assignment_id: Option<AssignmentId>,
    pub(crate) protocol_id: ProtocolId,
    pub(crate) step_id: StepId,
    /// The key that tells it from other messages of its step and assignment.
    pub(crate) occurrence: i64,
    pub(crate) message_type: MessageType,
    /// The content, as JSON text.
    pub(crate) content: String,
    #[sqlx(try_from = "Stored<Option<Vec<FurtherMessage>>>")]
    pub(crate) further_messages: Option<Vec<FurtherMessage>>,
    #[sqlx(try_from = "Stored<Option<Vec<QuickReply>>>")]
    pub(crate) quick_replies: Option<Vec<QuickReply>>,
    pub(crate) feedback: Option<String>,
    /// The bytes LINE got; `None` for a question without variables and pickers.
    pub(crate) body: Option<String>,
    pub(crate) priority: Priority,
    pub(crate) when_unreachable: WhenUnreachable,
    /// `None` for the account's own.
    #[sqlx(try_from = "Stored<Option<Sender>>")]
    pub(crate) sender: Option<Sender>,
    /// The name under which LINE counts who opens its messages.
    pub(crate) unit: Option<String>,
    pub(crate) language: Option<Language>,
    pub(crate) silent: bool,
    /// `None` for the clinic's rule.
    pub(crate) at_night: Option<AtNight>,
    /// The LINE user it went to.
    pub(crate) recipient: Option<String>,
    pub(crate) state: State,
    /// Milliseconds after its time in which its step is fresh.
    pub(crate) fresh_ms: i64,
    pub(crate) accepted_at: Option<Timestamp>,
    pub(crate) postponed: i64,
    /// `None` for a one-off message.
    pub(crate) assignment_status: Option<assignment::Status>,
    pub(crate) answered: Option<String>,
    pub(crate) answered_action: Option<FeedbackAction>,
    pub(crate) answered_value: Option<String>,
    pub(crate) answered_picked: Option<PickerMode>,
}

impl Ask {
    /// Whether it was put off, and not answered since.
    pub(crate) fn is_put_off(&self) -> bool {
        self.answered_action == Some(FeedbackAction::Postpone)
    }

    /// Whether both messages ask the same question, one of them again.
    pub(crate) fn asks_the_same(&self, other: &Self) -> bool {
        self.patient_id == other.patient_id
            && self.assignment_id == other.assignment_id
            && self.step_id == other.step_id
            && self.asking().first() == other.asking().first()
    }

    pub(crate) fn asking(&self) -> Asking {
        Asking { occurrence: self.occurrence, postponed: self.times_postponed() }
    }

    pub(crate) fn times_postponed(&self) -> u32 {
        u32::try_from(self.postponed).unwrap_or(u32::MAX)
    }

    pub(crate) fn first_choice(&self) -> Option<Chosen> {
        Chosen::read(self.answered_picked?, self.answered_value.as_deref()?)
    }

    /// The source of another message with the same question.
    pub(crate) fn source(&self) -> Source {
        Source {
            patient_id: self.patient_id,
            assignment_id: self.assignment_id,
            protocol_id: self.protocol_id,
            step_id: self.step_id,
            message_type: self.message_type,
            content: serde_json::from_str(&self.content).unwrap_or(serde_json::Value::Null),
            further: self.further_messages.clone().unwrap_or_default(),
            quick_replies: self.quick_replies.clone().unwrap_or_default(),
            feedback: self.feedback.as_deref().and_then(|f| serde_json::from_str(f).ok()),
            priority: self.priority,
            when_unreachable: self.when_unreachable,
            sender: self.sender.clone(),
            unit: self.unit.clone(),
            language: self.language,
            silent: self.silent,
            at_night: self.at_night,
            fresh_ms: self.fresh_ms,
        }
    }
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Listed {
    #[sqlx(flatten)]
    pub(crate) answer: Answer,
    pub(crate) patient_name: String,
    /// The step's name; `None` where staff gave none.
    pub(crate) step_name: Option<String>,
    pub(crate) protocol_name: Option<String>,
    #[sqlx(try_from = "Stored<Option<Feedback>>")]
    pub(crate) feedback: Option<Feedback>,
}

/// Answers from the newest to the oldest, only the first one of each message.
pub(crate) async fn list(pool: &Pool, after: &Cursor, limit: u32) -> sqlx::Result<Page<Listed>> {
    let rows: Vec<Listed> = query_as(
        "SELECT w.*, p.display_name AS patient_name, s.name AS step_name, pr.name AS protocol_name, d.feedback
         FROM answers w JOIN patients p ON p.id = w.patient_id JOIN deliveries d ON d.id = w.delivery_id
            LEFT JOIN protocol_steps s ON s.id = d.step_id
            LEFT JOIN protocols pr ON pr.id = d.protocol_id AND pr.built_in = FALSE
         WHERE w.counted = TRUE AND (w.answered_at, w.id) < ($1, $2) AND p.erased = FALSE
         ORDER BY w.answered_at DESC, w.id DESC LIMIT $3",
    )
    .bind(after.at)
    .bind(&after.id)
    .bind(i64::from(limit) + 1)
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(rows, limit, |row| Cursor {
        at: row.answer.answered_at.as_millis(),
        id: row.answer.id.to_string(),
    }))
}

/// The questions under these ids that exist, in no order.
pub(crate) async fn asks(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<Ask>> {
    query_as(formatcp!(
        "SELECT d.id, d.patient_id, d.assignment_id, d.protocol_id, d.step_id, d.occurrence,
            d.message_type, d.content, d.further_messages, d.quick_replies, d.feedback,
            CASE WHEN instr(d.feedback, '{{{{') > 0 OR instr(d.feedback, '{IN_JSON}') > 0 THEN d.body END AS body,
            d.priority, d.when_unreachable, d.sender, d.unit, d.language, d.silent, d.at_night, d.recipient, d.state,
            s.freshness_ms AS fresh_ms, d.accepted_at, d.postponed,
            a.status AS assignment_status, w.label AS answered, w.action AS answered_action,
            w.value AS answered_value, w.picked AS answered_picked
         FROM deliveries d JOIN protocol_steps s ON s.id = d.step_id
         LEFT JOIN assignments a ON a.id = d.assignment_id
         LEFT JOIN answers w ON w.delivery_id = d.id AND w.counted = TRUE
         WHERE d.id IN (SELECT value FROM json_each($1))"
    ))
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct AskedAgain {
    /// The message whose first answer postponed it.
    pub(crate) first_id: DeliveryId,
    pub(crate) again_id: DeliveryId,
}

/// The messages that ask again what the first answers to these postponed, each question's last one
/// at the end.
pub(crate) async fn asked_again(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<AskedAgain>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    query_as(formatcp!(
        "WITH first AS MATERIALIZED (SELECT d.id, d.assignment_id, d.step_id, d.postponed,
            {FIRST_ASKED} AS asked
            FROM deliveries d JOIN answers w ON w.delivery_id = d.id AND w.counted = TRUE
            WHERE d.id IN (SELECT value FROM json_each($1)) AND w.action = 'postpone')
         SELECT f.id AS first_id, d.id AS again_id FROM first f JOIN deliveries d
            ON d.assignment_id = f.assignment_id AND d.step_id = f.step_id
            AND {ASKS_AGAIN}
         WHERE d.postponed > f.postponed ORDER BY d.postponed"
    ))
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}

/// Makes the postponements under these messages count no more, before another answer does.
pub(crate) async fn give_way(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE answers SET counted = FALSE
         WHERE delivery_id IN (SELECT value FROM json_each($1)) AND counted = TRUE AND action = 'postpone'",
    )
    .bind(json_rows(ids)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores presses of buttons.
///
/// # Errors
/// The database failed, or a message already has a counted answer.
pub(crate) async fn insert(conn: &mut Conn, batch: &[Answer]) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = batch
        .iter()
        .map(|a| {
            serde_json::json!([
                a.id,
                a.delivery_id,
                a.patient_id,
                a.action,
                a.value,
                a.label,
                a.counted,
                a.late,
                a.answered_at.as_millis(),
                a.picked,
            ])
        })
        .collect();
    query(
        "INSERT INTO answers (id, delivery_id, patient_id, action, value, label, counted, late, answered_at, picked)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
            CAST(value ->> 6 AS BOOLEAN), CAST(value ->> 7 AS BOOLEAN), CAST(value ->> 8 AS BIGINT), value ->> 9
         FROM json_each($1)",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Every press under these messages, the earliest first.
pub(crate) async fn of_deliveries(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<Answer>> {
    query_as(
        "SELECT * FROM answers WHERE delivery_id IN (SELECT value FROM json_each($1))
         ORDER BY counted DESC, answered_at, id",
    )
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}

/// In no order.
pub(crate) async fn get_many(conn: &mut Conn, ids: &[AnswerId]) -> sqlx::Result<Vec<Answer>> {
    query_as("SELECT * FROM answers WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}
