//! The facts of a delivery before an attempt.

use const_format::formatcp;
use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    domain::{
        assignment,
        clinic::AtNight,
        delivery::{Cause, State},
        language::Language,
        message::MessageType,
        patient::{self, Reachability},
        protocol::WhenUnreachable,
    },
    ids::{AssignmentId, DeliveryId, PatientId},
    store::{
        Conn, json_rows,
        sql::{On, Pool, query, query_as},
    },
};

/// Everything `gate` and `compose` need to know, read in one go.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Facts {
    pub(crate) id: DeliveryId,
    pub(crate) state: State,
    pub(crate) patient_id: PatientId,
    pub(crate) assignment_id: Option<AssignmentId>,
    pub(crate) message_type: MessageType,
    /// JSON text.
    pub(crate) content: String,
    /// The further messages of the same push, as JSON text.
    pub(crate) further_messages: Option<String>,
    /// JSON text.
    pub(crate) quick_replies: Option<String>,
    /// JSON text.
    pub(crate) feedback: Option<String>,
    /// The JSON for LINE; `None` until it is rendered.
    pub(crate) body: Option<String>,
    /// The LINE user id `body` was rendered for.
    pub(crate) recipient: Option<String>,
    pub(crate) due_at: Timestamp,
    /// The instant after which it is not sent by itself.
    pub(crate) expires_at: Timestamp,
    pub(crate) attempts: i64,
    /// Attempts since it was last put back into the queue for another round; `attempts` counts all.
    pub(crate) round_attempts: i64,
    /// Whether staff had it sent again after it failed or waited for them.
    pub(crate) retried: bool,
    /// How often the program crashed while this was being sent.
    pub(crate) crash_starts: i64,
    /// When LINE may first have taken it; `None` while it surely has not.
    pub(crate) maybe_sent_at: Option<Timestamp>,
    /// Why the last attempt failed, or why it was last held.
    pub(crate) cause: Option<Cause>,
    /// The patient's present LINE user id.
    pub(crate) line_user_id: Option<String>,
    pub(crate) patient_status: patient::Status,
    pub(crate) reachability: Reachability,
    pub(crate) when_unreachable: WhenUnreachable,
    /// JSON text.
    pub(crate) sender: Option<String>,
    /// The aggregation unit under which LINE counts openings.
    pub(crate) unit: Option<String>,
    /// The language it was chosen in; `None` for the patient's.
    pub(crate) language: Option<Language>,
    pub(crate) silent: bool,
    /// `None` for the clinic's rule.
    pub(crate) at_night: Option<AtNight>,
    pub(crate) consented_at: Option<Timestamp>,
    pub(crate) time_zone: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) demo: bool,
    /// `None` for a one-off message.
    pub(crate) assignment_status: Option<assignment::Status>,
    /// When LINE last accepted a message to this patient; read only `with_pace`.
    pub(crate) last_accepted_at: Option<Timestamp>,
}

#[cfg(test)]
impl Facts {
    /// A message of a follow-up that is due now and has its bytes.
    pub(crate) fn of_a_message(now: Timestamp) -> Self {
        Self {
            id: DeliveryId::new(now),
            state: State::Queued,
            patient_id: PatientId::new(now),
            assignment_id: Some(AssignmentId::new(now)),
            message_type: MessageType::Text,
            content: r#"{"text":"hello"}"#.into(),
            further_messages: None,
            quick_replies: None,
            unit: None,
            at_night: None,
            language: None,
            feedback: None,
            body: Some("{}".into()),
            recipient: Some("U1".into()),
            due_at: now,
            expires_at: now.plus_millis(crate::clock::HOUR_MS),
            attempts: 0,
            round_attempts: 0,
            retried: false,
            crash_starts: 0,
            maybe_sent_at: None,
            cause: None,
            line_user_id: Some("U1".into()),
            patient_status: patient::Status::Active,
            reachability: Reachability::Unknown,
            when_unreachable: WhenUnreachable::Hold,
            consented_at: None,
            time_zone: None,
            locale: None,
            demo: false,
            sender: None,
            silent: false,
            assignment_status: Some(assignment::Status::Active),
            last_accepted_at: None,
        }
    }
}

/// The facts of the deliveries under these ids. `with_pace` also looks up when LINE last
/// accepted a message to each patient.
pub(crate) async fn facts(
    on: impl Into<On<'_>>,
    ids: &[DeliveryId],
    with_pace: bool,
) -> sqlx::Result<Vec<Facts>> {
    const KNOWN: &str = "SELECT d.id, d.state, d.patient_id, d.assignment_id, d.message_type, d.content,
            d.further_messages, d.quick_replies, d.feedback, d.body, d.recipient, d.due_at, d.expires_at,
            d.attempts, d.round_attempts, d.retried_from IS NOT NULL AS retried, d.crash_starts, d.maybe_sent_at, d.cause, d.when_unreachable,
            d.sender, d.unit, d.language, d.silent, d.at_night,
            p.line_user_id, p.status AS patient_status,
            p.reachability, p.consented_at, p.time_zone, p.locale, p.demo, a.status AS assignment_status";
    const FROM: &str = "FROM deliveries d JOIN patients p ON p.id = d.patient_id
         LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.id IN (SELECT value FROM json_each($1))";
    const PLAIN: &str = formatcp!("{KNOWN}, NULL AS last_accepted_at {FROM}");
    const PACED: &str = formatcp!(
        "{KNOWN}, (SELECT MAX(o.accepted_at) FROM deliveries o WHERE o.patient_id = d.patient_id
                AND o.state = 'sent') AS last_accepted_at {FROM}"
    );
    query_as(if with_pace { PACED } else { PLAIN }).bind(json_rows(ids)?).fetch_all(on).await
}

/// The patient's data in a message's bytes, besides [`Facts`].
#[derive(Clone, Debug, FromRow)]
pub(crate) struct PersonalFacts {
    pub(crate) display_name: String,
    pub(crate) nickname: Option<String>,
    /// `None` for a message that belongs to none.
    pub(crate) started_at: Option<Timestamp>,
}

pub(crate) async fn personal_facts(pool: &Pool, id: DeliveryId) -> sqlx::Result<Option<PersonalFacts>> {
    query_as(
        "SELECT p.display_name, p.nickname, COALESCE(a.started_at, a.created_at) AS started_at
         FROM deliveries d JOIN patients p ON p.id = d.patient_id
         LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.id = $1",
    )
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// Stores the bytes for LINE and their recipient, before the first attempt.
pub(crate) async fn set_body(
    conn: &mut Conn,
    id: DeliveryId,
    body: &str,
    recipient: &str,
) -> sqlx::Result<()> {
    query("UPDATE deliveries SET body = $2, recipient = $3 WHERE id = $1 AND maybe_sent_at IS NULL")
        .bind(id)
        .bind(body)
        .bind(recipient)
        .execute(conn)
        .await?;
    Ok(())
}
