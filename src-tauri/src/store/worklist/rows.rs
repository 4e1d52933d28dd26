//! Items as staff see and change them.

use const_format::formatcp;
use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    domain::{
        delivery::Cause,
        work::{About, Reason},
    },
    ids::{DeliveryId, PatientId, SaidId, WorkId},
    store::{
        Conn, Cursor, Page,
        fragments::WAKES_AT,
        sql::{Builder, Pool, query, query_as},
    },
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Work {
    pub(crate) id: WorkId,
    pub(crate) patient_id: PatientId,
    pub(crate) patient_name: String,
    pub(crate) linked: bool,
    pub(crate) delivery_id: Option<DeliveryId>,
    pub(crate) step_name: Option<String>,
    pub(crate) protocol_name: Option<String>,
    /// Why the message failed; `None` for an item about anything else.
    pub(crate) cause: Option<Cause>,
    /// When LINE may first have taken the message.
    pub(crate) maybe_sent_at: Option<Timestamp>,
    pub(crate) reason: Reason,
    pub(crate) urgent: bool,
    /// Since when LINE is known not to have taken the reply that says whom to call.
    pub(crate) untold_from: Option<Timestamp>,
    detail: Option<String>,
    /// The words or press with the id in `detail`, if there are any.
    said_id: Option<SaidId>,
    said: Option<String>,
    pressed: Option<String>,
    /// The choice made with a picker under the label in `detail`, if there is one.
    picked: Option<String>,
    pub(crate) owner: Option<String>,
    /// The instant until which it is hidden from the list; `None` where it is not snoozed.
    pub(crate) snoozed_until: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) resolved_at: Option<Timestamp>,
    pub(crate) resolved_by: Option<String>,
}

impl Work {
    /// The answered label or the written words; `None` where the reason says it all.
    pub(crate) fn detail(&self) -> Option<&str> {
        match self.reason.about() {
            About::Words => self.said.as_deref(),
            About::Press => self.pressed.as_deref(),
            About::Answer | About::Unsent | About::Other => self.detail.as_deref(),
        }
    }

    pub(crate) fn said_id(&self) -> Option<SaidId> {
        self.said_id.filter(|_| matches!(self.reason.about(), About::Words | About::Press))
    }

    /// The choice made with a picker, where that is the answer.
    pub(crate) fn chosen(&self) -> Option<&str> {
        self.picked.as_deref().filter(|_| self.reason.about() == About::Answer)
    }
}

const SELECT: &str = formatcp!("SELECT w.id, w.patient_id, p.display_name AS patient_name,
    p.line_user_id IS NOT NULL AS linked, w.delivery_id,
    s.name AS step_name, pr.name AS protocol_name, d.cause, d.maybe_sent_at, w.reason, w.urgent, w.untold_from, m.id AS said_id,
    w.detail, m.text AS said, COALESCE(m.label, m.data) AS pressed,
    (SELECT a.value FROM answers a
        WHERE a.delivery_id = w.delivery_id AND a.label = w.detail AND a.picked IS NOT NULL
        ORDER BY a.answered_at DESC LIMIT 1) AS picked, w.owner,
    w.snoozed_until, w.created_at, w.updated_at, w.resolved_at, w.resolved_by
 FROM worklist w JOIN patients p ON p.id = w.patient_id
 LEFT JOIN deliveries d ON d.id = w.delivery_id
 LEFT JOIN patient_messages m ON m.line_message_id = w.detail
 LEFT JOIN protocol_steps s ON s.id = d.step_id
 LEFT JOIN protocols pr ON pr.id = d.protocol_id AND pr.built_in = FALSE");

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) patient_id: Option<PatientId>,
    pub(crate) reason: Option<Reason>,
    /// Whether settled items are listed instead of open ones.
    pub(crate) resolved: bool,
    /// Whether snoozed ones are listed, too.
    pub(crate) snoozed: bool,
}

/// Items of the worklist: open ones with the urgent first, then from the newest to the
/// oldest.
pub(crate) async fn list(
    pool: &Pool,
    filter: Filter,
    after: &Cursor,
    limit: u32,
    now: Timestamp,
) -> sqlx::Result<Page<Work>> {
    let mut query = Builder::new(SELECT);
    query
        .push(" WHERE (w.rank, w.id) < (")
        .push_bind(after.at)
        .push(", ")
        .push_bind(after.id.clone())
        .push(")");
    query.push(if filter.resolved { " AND w.resolved_at IS NOT NULL" } else { " AND w.resolved_at IS NULL" });
    if !filter.resolved && !filter.snoozed {
        query.push(formatcp!(" AND {WAKES_AT} <= ")).push_bind(now);
    }
    if let Some(id) = filter.patient_id {
        query.push(" AND w.patient_id = ").push_bind(id);
    }
    if let Some(reason) = filter.reason {
        // The few of one patient are found by the patient.
        let narrow = filter.patient_id.is_some();
        query.push(if narrow { " AND w.reason = " } else { " AND w.listed_reason = " }).push_bind(reason);
    }
    query.push(" ORDER BY w.rank DESC, w.id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    let rows: Vec<Work> = query.build_query_as().fetch_all(pool).await?;
    Ok(Page::cut(rows, limit, |w| Cursor { at: rank(w.created_at, w.urgent), id: w.id.to_string() }))
}

/// The column `rank` of the worklist and of strangers: an urgent row ranks later than every other.
pub(in crate::store) fn rank(at: Timestamp, urgent: bool) -> i64 {
    const URGENT_LEAD: i64 = 100_000_000_000_000;
    at.as_millis() + if urgent { URGENT_LEAD } else { 0 }
}

pub(crate) async fn get(conn: &mut Conn, id: WorkId) -> sqlx::Result<Option<Work>> {
    query_as(formatcp!("{SELECT} WHERE w.id = $1")).bind(id).fetch_optional(conn).await
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Settled {
    pub(crate) patient_id: PatientId,
    pub(crate) patient_name: String,
    pub(crate) resolved_at: Timestamp,
    pub(crate) resolved_by: Option<String>,
}

pub(crate) async fn last_settled(pool: &Pool) -> sqlx::Result<Option<Settled>> {
    query_as(
        "SELECT w.patient_id, p.display_name AS patient_name, w.resolved_at, w.resolved_by
         FROM worklist w JOIN patients p ON p.id = w.patient_id
         WHERE w.resolved_at > 0 ORDER BY w.resolved_at DESC LIMIT 1",
    )
    .fetch_optional(pool)
    .await
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct OpenCounts {
    pub(crate) open: i64,
    pub(crate) urgent: i64,
}

/// Snoozed ones are not counted.
pub(crate) async fn count_open(pool: &Pool, now: Timestamp) -> sqlx::Result<OpenCounts> {
    query_as(formatcp!(
        "SELECT COUNT(*) AS open, COUNT(*) FILTER (WHERE urgent = TRUE) AS urgent FROM worklist
         WHERE resolved_at IS NULL AND {WAKES_AT} <= $1"
    ))
    .bind(now)
    .fetch_one(pool)
    .await
}

/// Writes the columns staff change.
///
/// # Errors
/// An item about the same matter was opened meanwhile.
pub(crate) async fn update(conn: &mut Conn, w: &Work) -> sqlx::Result<()> {
    query(
        "UPDATE worklist SET owner = $2, snoozed_until = $3, resolved_at = $4, resolved_by = $5,
            updated_at = $6 WHERE id = $1",
    )
    .bind(w.id)
    .bind(&w.owner)
    .bind(w.snoozed_until)
    .bind(w.resolved_at)
    .bind(&w.resolved_by)
    .bind(w.updated_at)
    .execute(conn)
    .await?;
    Ok(())
}
