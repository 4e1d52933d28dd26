//! The worklist: people who need a person; and the notes of staff.

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder, Sqlite, SqlitePool};

use super::{Conn, Cursor, Page, json_rows};
use crate::{
    clock::Timestamp,
    domain::{
        delivery::Cause,
        work::{NoteKind, Reason},
    },
    ids::{DeliveryId, NoteId, PatientId, WorkId},
};

/// A line of the worklist, with what staff need beside it.
#[derive(Clone, Debug, FromRow)]
pub struct Work {
    /// Its id.
    pub id: WorkId,
    /// Who needs a person.
    pub patient_id: PatientId,
    /// Their name.
    pub patient_name: String,
    /// Whether a LINE account is linked to them.
    pub linked: bool,
    /// The message it is about.
    pub delivery_id: Option<DeliveryId>,
    /// What the message's step is called.
    pub step_name: Option<String>,
    /// Of which protocol it is.
    pub protocol_name: Option<String>,
    /// Why the message failed.
    pub cause: Option<Cause>,
    /// When LINE may first have taken the message.
    pub maybe_sent_at: Option<Timestamp>,
    /// Why they are on the list.
    pub reason: Reason,
    /// Whether staff are called at once.
    pub urgent: bool,
    /// What was answered or written.
    pub detail: Option<String>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Not shown before this.
    pub snoozed_until: Option<Timestamp>,
    /// When it came up.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was settled.
    pub resolved_at: Option<Timestamp>,
    /// By whom.
    pub resolved_by: Option<String>,
}

/// A line to be opened.
#[derive(Clone, Debug, Serialize)]
pub struct New {
    /// Its id.
    pub id: WorkId,
    /// Who needs a person.
    pub patient_id: PatientId,
    /// The message it is about.
    pub delivery_id: Option<DeliveryId>,
    /// Why.
    pub reason: Reason,
    /// What was answered or written.
    pub detail: Option<String>,
}

impl New {
    /// A line about a patient, not about one message.
    pub fn about(patient_id: PatientId, reason: Reason, now: Timestamp) -> Self {
        Self { id: WorkId::new(now), patient_id, delivery_id: None, reason, detail: None }
    }
}

/// The matter of a line: one for each message, or one for each patient and reason.
fn matter(reason: Reason, patient: PatientId, delivery: Option<DeliveryId>) -> String {
    match (reason, delivery) {
        (Reason::Blocked | Reason::Unlinked | Reason::Wrote | Reason::Relink, _) | (_, None) => {
            format!("{reason} {patient}")
        }
        (_, Some(delivery)) => format!("{reason} {delivery}"),
    }
}

/// Opens lines. A matter that is open already stays one line, with the newest detail, and
/// comes back from its snooze.
///
/// # Errors
/// The database failed.
pub async fn open(conn: &mut Conn, batch: &[New], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = batch
        .iter()
        .map(|w| {
            let matter = matter(w.reason, w.patient_id, w.delivery_id);
            let urgent = w.reason.is_urgent();
            serde_json::json!([w.id, w.patient_id, w.delivery_id, w.reason, matter, urgent, w.detail])
        })
        .collect();
    sqlx::query(
        "INSERT INTO worklist (id, patient_id, delivery_id, reason, matter, urgent, detail, created_at, updated_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
            value ->> 6, $2, $2
         FROM json_each($1) WHERE true
         ON CONFLICT (matter) WHERE resolved_at IS NULL DO UPDATE SET detail = excluded.detail,
            delivery_id = COALESCE(excluded.delivery_id, worklist.delivery_id),
            snoozed_until = NULL, updated_at = excluded.updated_at",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Opens a line for those of these messages that will not go out by themselves any more, and
/// settles the lines of those that were sent, cancelled or are being sent again.
///
/// # Errors
/// The database failed.
pub async fn follow_outcomes(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json_rows(ids)?;
    let failed: Vec<Lost> = sqlx::query_as(
        "SELECT id, patient_id, state = 'review' AND attempts = 0 AND maybe_sent_at IS NULL AS untried FROM deliveries
         WHERE id IN (SELECT value FROM json_each($1))
            AND (state = 'review' OR (state = 'failed' AND (expires_at <= $2 OR cause NOT IN
                ('line_unavailable', 'outcome_unknown', 'rate_limited', 'patient_rate_limited'))))",
    )
    .bind(&ids)
    .bind(now)
    .fetch_all(&mut *conn)
    .await?;
    open_lost(conn, failed, now).await?;
    sqlx::query(
        "UPDATE worklist SET resolved_at = $2, resolved_by = 'Clinicue', updated_at = $2
         WHERE resolved_at IS NULL AND delivery_id IN (SELECT value FROM json_each($1))
            AND reason IN ('failed', 'expired')
            AND EXISTS (SELECT 1 FROM deliveries d
                WHERE d.id = delivery_id AND d.state IN ('sent', 'cancelled', 'queued'))",
    )
    .bind(&ids)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Under which name it is stored how far failed messages were followed as they grew too old.
const OUTWORN_THROUGH: &str = "worklist.outworn_through";

/// Opens lines for messages that failed, were tried again and again, and have grown too old:
/// for up to `limit` of those that did so since this last ran. Returns how many it looked at.
///
/// # Errors
/// The database failed.
pub async fn open_outworn(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<usize> {
    let through: Option<(i64, String)> = super::settings::get(&mut *conn, OUTWORN_THROUGH).await?;
    // After a clock that went ahead, what has grown too old since then is looked at again.
    let behind = || (now.as_millis() - OUTWORN_AGAIN_MS, String::new());
    let (at, id) = through.map_or((0, String::new()), |t| if t.0 > now.as_millis() { behind() } else { t });
    let outworn: Vec<Outworn> = sqlx::query_as(
        "SELECT d.id, d.patient_id, 0 AS untried, d.expires_at,
            EXISTS (SELECT 1 FROM worklist w WHERE w.matter = 'failed ' || d.id
                AND (w.resolved_at IS NULL OR w.resolved_at >= d.updated_at)) AS known
         FROM deliveries d
         WHERE d.state = 'failed' AND (d.expires_at, d.id) > ($1, $2) AND d.expires_at <= $3
         ORDER BY d.expires_at, d.id LIMIT $4",
    )
    .bind(at)
    .bind(id)
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    let looked_at = outworn.len();
    let last = outworn.last().map(|o| (o.expires_at.as_millis(), o.lost.id.to_string()));
    if let Some(last) = last {
        super::settings::set(conn, OUTWORN_THROUGH, &last, now).await?;
    }
    open_lost(conn, outworn.into_iter().filter(|o| !o.known).map(|o| o.lost).collect(), now).await?;
    Ok(looked_at)
}

/// How far back a clock that went ahead is made good.
const OUTWORN_AGAIN_MS: i64 = 2 * 24 * 3_600_000;

/// A failed message that has grown too old to be tried again by itself.
#[derive(FromRow)]
struct Outworn {
    #[sqlx(flatten)]
    lost: Lost,
    expires_at: Timestamp,
    known: bool,
}

/// A message that was not sent and will not be by itself.
#[derive(FromRow)]
struct Lost {
    id: DeliveryId,
    patient_id: PatientId,
    untried: bool,
}

async fn open_lost(conn: &mut Conn, lost: Vec<Lost>, now: Timestamp) -> sqlx::Result<()> {
    let new: Vec<_> = lost
        .into_iter()
        .map(|l| New {
            id: WorkId::new(now),
            patient_id: l.patient_id,
            delivery_id: Some(l.id),
            reason: if l.untried { Reason::Expired } else { Reason::Failed },
            detail: None,
        })
        .collect();
    open(conn, &new, now).await
}

/// Settles the open lines of patients for these reasons: the matter went away by itself.
///
/// # Errors
/// The database failed.
pub async fn settle(
    conn: &mut Conn,
    patients: &[PatientId],
    reasons: &[Reason],
    now: Timestamp,
) -> sqlx::Result<()> {
    if patients.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE worklist SET resolved_at = $3, resolved_by = 'Clinicue', updated_at = $3
         WHERE resolved_at IS NULL AND patient_id IN (SELECT value FROM json_each($1))
            AND reason IN (SELECT value FROM json_each($2))",
    )
    .bind(json_rows(patients)?)
    .bind(json_rows(reasons)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Settles the lines that ask whether this LINE account becomes the patient's: it is.
///
/// # Errors
/// The database failed.
pub async fn settle_relinks(
    conn: &mut Conn,
    patient: PatientId,
    line_user_id: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE worklist SET resolved_at = $3, resolved_by = 'Clinicue', updated_at = $3
         WHERE resolved_at IS NULL AND patient_id = $1 AND reason = 'relink'
            AND detail LIKE '%' || $2 || '%'",
    )
    .bind(patient)
    .bind(line_user_id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Settles the lines about missed answers that came after all.
///
/// # Errors
/// The database failed.
pub async fn settle_missed(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE worklist SET resolved_at = $2, resolved_by = 'Clinicue', updated_at = $2
         WHERE resolved_at IS NULL AND reason = 'missed' AND delivery_id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

const SELECT: &str = "SELECT w.id, w.patient_id, p.display_name AS patient_name,
    p.line_user_id IS NOT NULL AS linked, w.delivery_id,
    s.name AS step_name, pr.name AS protocol_name, d.cause, d.maybe_sent_at, w.reason, w.urgent,
    CASE w.reason WHEN 'wrote' THEN m.text ELSE w.detail END AS detail, w.owner,
    w.snoozed_until, w.created_at, w.updated_at, w.resolved_at, w.resolved_by
 FROM worklist w JOIN patients p ON p.id = w.patient_id
 LEFT JOIN deliveries d ON d.id = w.delivery_id
 LEFT JOIN patient_messages m ON w.reason = 'wrote' AND m.line_message_id = w.detail
 LEFT JOIN protocol_steps s ON s.id = d.step_id
 LEFT JOIN protocols pr ON pr.id = d.protocol_id AND pr.built_in = 0";

/// What a list is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// One patient's.
    pub patient_id: Option<PatientId>,
    /// For one reason.
    pub reason: Option<Reason>,
    /// Those that are settled instead of those that are open.
    pub resolved: bool,
    /// Also those that are snoozed.
    pub snoozed: bool,
}

/// Lines of the worklist: open ones with the urgent first, then from the newest to the
/// oldest.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &SqlitePool,
    filter: Filter,
    after: &Cursor,
    limit: u32,
    now: Timestamp,
) -> sqlx::Result<Page<Work>> {
    let mut query = QueryBuilder::<Sqlite>::new(SELECT);
    query
        .push(" WHERE (w.rank, w.id) < (")
        .push_bind(after.at)
        .push(", ")
        .push_bind(after.id.clone())
        .push(")");
    query.push(if filter.resolved { " AND w.resolved_at IS NOT NULL" } else { " AND w.resolved_at IS NULL" });
    if !filter.resolved && !filter.snoozed {
        query.push(" AND (w.snoozed_until IS NULL OR w.snoozed_until <= ").push_bind(now).push(")");
    }
    if let Some(id) = filter.patient_id {
        query.push(" AND w.patient_id = ").push_bind(id);
    }
    if let Some(reason) = filter.reason {
        // One patient's few are found by the patient.
        let narrow = filter.patient_id.is_some();
        query.push(if narrow { " AND w.reason = " } else { " AND w.listed_reason = " }).push_bind(reason);
    }
    query.push(" ORDER BY w.rank DESC, w.id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    let rows: Vec<Work> = query.build_query_as().fetch_all(pool).await?;
    Ok(Page::cut(rows, limit, |w| Cursor {
        at: w.created_at.as_millis() + if w.urgent { URGENT_LEAD } else { 0 },
        id: w.id.to_string(),
    }))
}

/// How much an urgent line counts as later than it is, in the column `rank`.
const URGENT_LEAD: i64 = 100_000_000_000_000;

/// One line.
///
/// # Errors
/// The database failed.
pub async fn get(conn: &mut Conn, id: WorkId) -> sqlx::Result<Option<Work>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE w.id = $1")))
        .bind(id)
        .fetch_optional(conn)
        .await
}

/// Open lines that are not snoozed, and how many of them are urgent.
///
/// # Errors
/// The database failed.
pub async fn count(pool: &SqlitePool, now: Timestamp) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as(
        "SELECT COUNT(*), COALESCE(SUM(urgent), 0) FROM worklist
         WHERE resolved_at IS NULL AND (snoozed_until IS NULL OR snoozed_until <= $1)",
    )
    .bind(now)
    .fetch_one(pool)
    .await
}

/// Writes the columns staff change.
///
/// # Errors
/// The database failed, or a line about the same matter was opened meanwhile.
pub async fn update(conn: &mut Conn, w: &Work) -> sqlx::Result<()> {
    sqlx::query(
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

/// A note of staff.
#[derive(Clone, Debug, FromRow)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// About whom.
    pub patient_id: PatientId,
    /// On which line of the worklist.
    pub work_id: Option<WorkId>,
    /// A note or a call.
    pub kind: NoteKind,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub created_at: Timestamp,
}

/// Stores a note.
///
/// # Errors
/// The database failed.
pub async fn add_note(conn: &mut Conn, note: &Note) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO notes (id, patient_id, work_id, kind, text, author, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(note.id)
    .bind(note.patient_id)
    .bind(note.work_id)
    .bind(note.kind)
    .bind(&note.text)
    .bind(&note.author)
    .bind(note.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// The notes on these lines, oldest first.
///
/// # Errors
/// The database failed.
pub async fn notes_of(conn: &mut Conn, ids: &[WorkId]) -> sqlx::Result<Vec<Note>> {
    sqlx::query_as(
        "SELECT * FROM notes WHERE work_id IN (SELECT value FROM json_each($1)) ORDER BY created_at, id",
    )
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}

/// The notes under these ids, in no order.
///
/// # Errors
/// The database failed.
pub async fn notes(conn: &mut Conn, ids: &[NoteId]) -> sqlx::Result<Vec<Note>> {
    sqlx::query_as("SELECT * FROM notes WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}
