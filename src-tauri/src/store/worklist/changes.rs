//! Opening and settling of items.

use const_format::formatcp;
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    clock::{DAY_MS, Timestamp},
    domain::work::{About, Reason},
    ids::{DeliveryId, PatientId, WorkId},
    store::{
        Conn,
        fragments::{PASSING_CAUSES, PROGRAM, RESOLVED_STATES},
        json_rows, settings,
        sql::{query, query_as},
    },
};

#[derive(Clone, Debug, Serialize)]
pub(crate) struct New {
    pub(crate) id: WorkId,
    pub(crate) patient_id: PatientId,
    pub(crate) delivery_id: Option<DeliveryId>,
    pub(crate) reason: Reason,
    /// The answered label or the written words; `None` where the reason says it all.
    pub(crate) detail: Option<String>,
    /// Since when somebody waits for staff; `None` for now.
    pub(crate) since: Option<Timestamp>,
}

impl New {
    /// An item about a patient, not about one message.
    pub(crate) fn about(patient_id: PatientId, reason: Reason, now: Timestamp) -> Self {
        Self { id: WorkId::new(now), patient_id, delivery_id: None, reason, detail: None, since: None }
    }
}

/// The key of an item's matter: one for each message, or one for each patient and reason.
fn matter(reason: Reason, patient: PatientId, delivery: Option<DeliveryId>) -> String {
    match delivery {
        Some(delivery) if !reason.is_once_a_patient() => format!("{reason} {delivery}"),
        Some(_) | None => format!("{reason} {patient}"),
    }
}

/// Opens items. An open matter stays one item, with the newest detail, and ends its snooze.
pub(crate) async fn open(conn: &mut Conn, batch: &[New], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = batch
        .iter()
        .map(|w| {
            let matter = matter(w.reason, w.patient_id, w.delivery_id);
            let urgent = w.reason.is_urgent();
            let since = w.since.map(Timestamp::as_millis);
            serde_json::json!([w.id, w.patient_id, w.delivery_id, w.reason, matter, urgent, w.detail, since])
        })
        .collect();
    query(
        "INSERT INTO worklist (id, patient_id, delivery_id, reason, matter, urgent, detail, created_at, updated_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
            CAST(value ->> 5 AS BOOLEAN), value ->> 6, COALESCE(CAST(value ->> 7 AS BIGINT), $2), $2
         FROM json_each($1) WHERE true
         ON CONFLICT (matter) WHERE resolved_at IS NULL DO UPDATE SET detail = excluded.detail,
            delivery_id = COALESCE(excluded.delivery_id, worklist.delivery_id),
            created_at = CASE WHEN excluded.created_at < worklist.created_at THEN excluded.created_at
                ELSE worklist.created_at END,
            snoozed_until = NULL, updated_at = excluded.updated_at",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// An item whose patient has to be told whom to call in an emergency.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Untold {
    pub(crate) patient_id: PatientId,
    /// The reason; a patient has one item of it.
    pub(crate) reason: Reason,
    /// The instant from which staff see that LINE did not take the reply.
    pub(crate) from: Timestamp,
}

pub(crate) async fn owe_answers(conn: &mut Conn, batch: &[Untold]) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = batch
        .iter()
        .map(|u| serde_json::json!([matter(u.reason, u.patient_id, None), u.from.as_millis()]))
        .collect();
    query(
        "UPDATE worklist SET untold_from = u.untold_from
         FROM (SELECT value ->> 0 AS matter, MAX(CAST(value ->> 1 AS BIGINT)) AS untold_from FROM json_each($1)
            GROUP BY value ->> 0) AS u
         WHERE worklist.matter = u.matter AND worklist.resolved_at IS NULL",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes the result of a due reply to a LINE account: `None` where LINE took it, else since when
/// staff see that it did not.
pub(crate) async fn answered(
    conn: &mut Conn,
    line_user_id: &str,
    untold_from: Option<Timestamp>,
) -> sqlx::Result<()> {
    query(
        "UPDATE worklist SET untold_from = $2
         WHERE resolved_at IS NULL AND untold_from IS NOT NULL
            AND patient_id IN (SELECT id FROM patients WHERE line_user_id = $1)",
    )
    .bind(line_user_id)
    .bind(untold_from)
    .execute(conn)
    .await?;
    Ok(())
}

/// Opens an item for those of these messages that will not go out by themselves any more, and
/// settles the items of those sent, cancelled or being sent again.
pub(crate) async fn follow_outcomes(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json_rows(ids)?;
    let failed: Vec<Lost> = query_as(formatcp!(
        "SELECT id, patient_id, state = 'review' AND attempts = 0 AND maybe_sent_at IS NULL AS untried FROM deliveries
         WHERE id IN (SELECT value FROM json_each($1))
            AND (state = 'review' OR (state = 'failed' AND (expires_at <= $2 OR cause NOT IN {PASSING_CAUSES})))"
    ))
    .bind(&ids)
    .bind(now)
    .fetch_all(&mut *conn)
    .await?;
    open_lost(conn, failed, now).await?;
    query(formatcp!(
        "UPDATE worklist SET resolved_at = $2, resolved_by = '{PROGRAM}', updated_at = $2
         WHERE resolved_at IS NULL AND delivery_id IN (SELECT value FROM json_each($1))
            AND reason IN (SELECT value FROM json_each($3))
            AND EXISTS (SELECT 1 FROM deliveries d
                WHERE d.id = delivery_id AND d.state IN {RESOLVED_STATES})"
    ))
    .bind(&ids)
    .bind(now)
    .bind(json_rows(&Reason::all_about(About::Unsent))?)
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of the setting with the last expired message that was followed up.
const EXPIRED_THROUGH: &str = "worklist.outworn_through";

/// Opens items for failed and retried messages that have expired: for up to `limit` of those that
/// did so since this last ran. Returns how many it examined.
pub(crate) async fn open_expired(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<usize> {
    const FAILED: &str = Reason::Failed.as_str();
    let through: Option<(i64, String)> = settings::get(&mut *conn, EXPIRED_THROUGH).await?;
    // After a clock that went ahead, messages that have expired since are examined again.
    let behind = || (now.as_millis() - EXPIRED_AGAIN_MS, String::new());
    let (at, id) = match through {
        Some((at, _)) if at > now.as_millis() => behind(),
        Some(through) => through,
        None => (0, String::new()),
    };
    let expired: Vec<ExpiredRow> = query_as(formatcp!(
        "SELECT d.id, d.patient_id, FALSE AS untried, d.expires_at,
            EXISTS (SELECT 1 FROM worklist w WHERE w.matter = '{FAILED} ' || d.id
                AND (w.resolved_at IS NULL OR w.resolved_at >= d.updated_at)) AS known
         FROM deliveries d
         WHERE d.state = 'failed' AND (d.expires_at, d.id) > ($1, $2) AND d.expires_at <= $3
         ORDER BY d.expires_at, d.id LIMIT $4"
    ))
    .bind(at)
    .bind(id)
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    let looked_at = expired.len();
    let last = expired.last().map(|o| (o.expires_at.as_millis(), o.lost.id.to_string()));
    if let Some(last) = last {
        settings::set(conn, EXPIRED_THROUGH, &last, now).await?;
    }
    open_lost(conn, expired.into_iter().filter(|o| !o.known).map(|o| o.lost).collect(), now).await?;
    Ok(looked_at)
}

/// Milliseconds looked back for failed messages when a clock had gone ahead.
const EXPIRED_AGAIN_MS: i64 = 2 * DAY_MS;

#[derive(FromRow)]
struct ExpiredRow {
    #[sqlx(flatten)]
    lost: Lost,
    expires_at: Timestamp,
    known: bool,
}

/// An unsent message that will not go by itself.
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
            since: None,
        })
        .collect();
    open(conn, &new, now).await
}

/// Settles patients' open items with these reasons, whose matter went away by itself.
pub(crate) async fn settle(
    conn: &mut Conn,
    patients: &[PatientId],
    reasons: &[Reason],
    now: Timestamp,
) -> sqlx::Result<()> {
    if patients.is_empty() {
        return Ok(());
    }
    query(formatcp!(
        "UPDATE worklist SET resolved_at = $3, resolved_by = '{PROGRAM}', updated_at = $3
         WHERE resolved_at IS NULL AND patient_id IN (SELECT value FROM json_each($1))
            AND reason IN (SELECT value FROM json_each($2))"
    ))
    .bind(json_rows(patients)?)
    .bind(json_rows(reasons)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Settles the items that ask whether this LINE account becomes the patient's, since it did.
pub(crate) async fn settle_relinks(
    conn: &mut Conn,
    patient: PatientId,
    line_user_id: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    query(formatcp!(
        "UPDATE worklist SET resolved_at = $3, resolved_by = '{PROGRAM}', updated_at = $3
         WHERE resolved_at IS NULL AND patient_id = $1 AND reason = 'relink'
            AND instr(detail, $2) > 0"
    ))
    .bind(patient)
    .bind(line_user_id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Settles the items about missed answers, and about questions postponed too often, that were
/// answered after all.
pub(crate) async fn settle_answered(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    query(formatcp!(
        "UPDATE worklist SET resolved_at = $2, resolved_by = '{PROGRAM}', updated_at = $2
         WHERE resolved_at IS NULL AND reason IN (SELECT value FROM json_each($3))
            AND delivery_id IN (SELECT value FROM json_each($1))"
    ))
    .bind(json_rows(ids)?)
    .bind(now)
    .bind(json_rows(Reason::UNANSWERED)?)
    .execute(conn)
    .await?;
    Ok(())
}
